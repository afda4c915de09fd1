/** Taking back the consent to everything: what it does is said first, and it is asked twice. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { forgetLogin } from "../../session/remembered";
import { signOut } from "../../session/session";
import { Confirm } from "../../ui/confirm";
import { withdraw } from "../asking";

export function Erasing() {
  const { t } = useTranslation("pocket");
  const [asking, setAsking] = useState(false);
  const [sure, setSure] = useState(false);
  const go = useNavigate();
  return (
    <section>
      <h2>{t("erase.title")}</h2>
      <p>{t("erase.what")}</p>
      <button type="button" onClick={() => setAsking(true)}>
        {t("erase.act")}
      </button>
      {asking && (
        <Confirm
          title={t("erase.title")}
          act={t("erase.act")}
          blocked={!sure}
          perform={async () => {
            await withdraw();
            forgetLogin();
            // First away from what only a patient may see, so that no page asks for it any more.
            await go("/open/goodbye", { replace: true });
            await signOut();
          }}
          close={() => {
            setAsking(false);
            setSure(false);
          }}
        >
          <ul className="plain">
            {(["everything", "releases", "account", "doctor"] as const).map((each) => (
              <li key={each}>{t(`erase.does.${each}`)}</li>
            ))}
          </ul>
          <label className="check">
            <input
              type="checkbox"
              checked={sure}
              onChange={({ target }) => setSure(target.checked)}
            />
            {t("erase.sure")}
          </label>
        </Confirm>
      )}
    </section>
  );
}
