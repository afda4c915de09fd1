/** What the patient agreed to: nothing is kept without research, publication is a choice. */
import { type Control, useController } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Filled } from "./answers";
import { CONSENT } from "./faults";
import { Fault } from "./field-control";

export function ConsentFields({ control }: { control: Control<Filled> }) {
  const { t } = useTranslation();
  const research = useController({ control, name: "consent.research" });
  const publication = useController({ control, name: "consent.publication" });
  const fault = research.fieldState.error?.message;
  return (
    <fieldset className="field" id={`field-${CONSENT}`} aria-describedby="fault-consent">
      <legend>{t("survey.consent")}</legend>
      <Fault id="fault-consent" text={fault} />
      <label className="check">
        <input
          type="checkbox"
          checked={research.field.value}
          aria-invalid={fault ? true : undefined}
          onChange={({ target }) => research.field.onChange(target.checked)}
        />
        {t("survey.consentResearch")}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={publication.field.value}
          onChange={({ target }) => publication.field.onChange(target.checked)}
        />
        {t("survey.consentPublication")}
      </label>
    </fieldset>
  );
}
