/** How soon to show the mole, and the words to the patient. */
import { useId } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { language } from "../../language";
import { URGENCIES } from "./queries";

const LONGEST = 2000;

export interface Entered {
  urgency: string;
  text: string;
}

export function AdviceFields({ form }: { form: UseFormReturn<Entered> }) {
  const { t } = useTranslation("follow_up");
  const id = useId();
  const { errors } = form.formState;
  return (
    <>
      <fieldset className="field" aria-describedby={`${id}-urgency`}>
        <legend>{t("advice.when")}</legend>
        <div className="chips">
          {URGENCIES.map((each) => (
            <label key={each} className="chip">
              <input
                type="radio"
                value={each}
                aria-invalid={errors.urgency !== undefined}
                {...form.register("urgency", { required: t("advice.whenMissing") })}
              />
              <span>{t(`advice.urgency.${each}`)}</span>
            </label>
          ))}
        </div>
        <span className="fault" id={`${id}-urgency`}>
          {errors.urgency?.message}
        </span>
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-text`}>{t("advice.text")}</label>
        <textarea
          id={`${id}-text`}
          rows={7}
          maxLength={LONGEST}
          lang={language()}
          aria-invalid={errors.text !== undefined}
          aria-describedby={`${id}-said`}
          {...form.register("text", {
            validate: (text) => text.trim() !== "" || t("advice.textMissing"),
          })}
        />
        <span id={`${id}-said`} className={errors.text ? "fault" : "hint"}>
          {errors.text?.message ?? t("advice.textHint")}
        </span>
      </div>
    </>
  );
}
