/** Why: asked for by every act that the history keeps. */
import { useId } from "react";
import { useTranslation } from "react-i18next";

interface Shown {
  reason: string;
  change: (reason: string) => void;
  label?: string;
  hint?: string;
}

const LONGEST = 500;

export function Reason({ reason, change, label, hint }: Shown) {
  const { t } = useTranslation("patients");
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label ?? t("reason")} <small>{hint ?? t("reasonHint")}</small>
      </label>
      <textarea
        id={id}
        rows={2}
        maxLength={LONGEST}
        value={reason}
        onChange={(event) => change(event.target.value)}
      />
    </div>
  );
}
