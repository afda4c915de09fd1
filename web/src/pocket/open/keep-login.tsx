/** Three ways to keep one's login: on this phone, in the clipboard, on paper. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rememberLogin } from "../../session/remembered";

interface Shown {
  login: string;
  kept?: () => void;
}

export function KeepLogin({ login, kept }: Shown) {
  const { t } = useTranslation("pocket");
  const [said, setSaid] = useState<"" | "remembered" | "copied" | "failed">("");
  function tell(outcome: typeof said) {
    setSaid(outcome);
    if (outcome !== "failed") kept?.();
  }
  return (
    <div className="keep-login">
      <div className="actions">
        <button type="button" onClick={() => tell(rememberLogin(login) ? "remembered" : "failed")}>
          {t("open.remember")}
        </button>
        <button
          type="button"
          onClick={() =>
            navigator.clipboard
              .writeText(login)
              .then(() => tell("copied"))
              .catch(() => tell("failed"))
          }
        >
          {t("open.copy")}
        </button>
        <button
          type="button"
          onClick={() => {
            print();
            kept?.();
          }}
        >
          {t("open.print")}
        </button>
      </div>
      <p role="status">{said && t(`open.${said}`)}</p>
    </div>
  );
}
