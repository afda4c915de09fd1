/** Whether this phone keeps its owner signed in. Off until he says so: others may use the phone too. */
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { language } from "../../language";
import { leaveNothing, stay, stays } from "../keeping/staying";

export function StayChoice() {
  const { t } = useTranslation("pocket");
  const [on, setOn] = useState(false);
  const [failed, setFailed] = useState(false);
  const why = useId();
  useEffect(() => {
    void stays()
      .then(setOn)
      .catch(() => setFailed(true));
  }, []);
  async function change(wanted: boolean) {
    setOn(wanted);
    try {
      await (wanted ? stay(language()) : leaveNothing());
      setFailed(false);
    } catch {
      setOn(!wanted);
      setFailed(true);
    }
  }
  return (
    <div className="stay">
      <label className="check">
        <input
          type="checkbox"
          checked={on}
          aria-describedby={why}
          onChange={({ target }) => void change(target.checked)}
        />
        {t("stay.choice")}
      </label>
      <p className="hint" id={why}>
        {t("stay.why")}
      </p>
      {failed && <p role="alert">{t("stay.failed")}</p>}
    </div>
  );
}
