/** A password, hidden until its owner wants to see it. */
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface Shown {
  label: string;
  autoComplete: string;
  /** Of the field in its form, and in the page. */
  name?: string;
  fault?: string | undefined;
}

export function PasswordField({ label, autoComplete, name = "password", fault }: Shown) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {fault !== undefined && (
        <p className="fault" id={`${name}-fault`}>
          {fault}
        </p>
      )}
      <div className="joined">
        <input
          id={name}
          name={name}
          type={shown ? "text" : "password"}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={fault !== undefined || undefined}
          aria-describedby={fault === undefined ? undefined : `${name}-fault`}
        />
        <button
          type="button"
          aria-pressed={shown}
          aria-label={shown ? t("signIn.hide") : t("signIn.show")}
          onClick={() => setShown(!shown)}
        >
          <Eye crossed={shown} />
        </button>
      </div>
    </div>
  );
}

export function Eye({ crossed }: { crossed: boolean }) {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" className="icon">
      <path d="M2 12c3-5 6.500-7 10-7s7 2 10 7c-3 5-6.500 7-10 7s-7-2-10-7z" />
      <circle cx="12" cy="12" r="3" />
      {crossed && <path d="M4 20 20 4" />}
    </svg>
  );
}
