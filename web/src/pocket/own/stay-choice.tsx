/** Whether this phone keeps its owner signed in. Off until he says so: others may use the phone too. */
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { staysSignedIn } from "../../session/kept";
import { staySignedIn } from "../../session/pool";

export function StayChoice() {
  const { t } = useTranslation("pocket");
  const [on, setOn] = useState(staysSignedIn);
  const [failed, setFailed] = useState(false);
  const why = useId();
  async function change(wanted: boolean) {
    const done = await staySignedIn(wanted).catch(() => false);
    setOn(staysSignedIn());
    setFailed(!done);
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
