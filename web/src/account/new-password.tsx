/** A password of one's own, with what is asked of it: each part says by a mark and in words that it is met. */
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Eye } from "../session/password-field";
import { missingParts, PASSWORD_PARTS, type PasswordPart } from "./password-rules";
import "./account.css";
import "./words";

interface Shown {
  password: string;
  change: (password: string) => void;
  fault: string | undefined;
}

export function NewPassword({ password, change, fault }: Shown) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const [seen, setSeen] = useState(false);
  const field = useId();
  const missing = missingParts(password);
  return (
    <div className="field">
      <label htmlFor={field}>{t("password.new")}</label>
      <p className="fault" id={`${field}-fault`}>
        {fault}
      </p>
      <div className="joined">
        <input
          id={field}
          type={seen ? "text" : "password"}
          value={password}
          autoComplete="new-password"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={fault !== undefined}
          aria-describedby={`${field}-parts ${field}-fault`}
          onChange={({ target }) => change(target.value)}
        />
        <button
          type="button"
          aria-pressed={seen}
          aria-label={common(seen ? "signIn.hide" : "signIn.show")}
          onClick={() => setSeen(!seen)}
        >
          <Eye crossed={seen} />
        </button>
      </div>
      <ul className="password-parts" id={`${field}-parts`}>
        {(Object.keys(PASSWORD_PARTS) as PasswordPart[]).map((part) => (
          <li key={part} data-met={!missing.includes(part)}>
            <span aria-hidden="true">{missing.includes(part) ? "○" : "●"}</span>{" "}
            {t(`password.parts.${part}`)}
            {!missing.includes(part) && <span className="unseen"> — {t("password.partMet")}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
