/** The fields of a new protocol: each text in both languages, side by side. */
import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useClassName } from "../images/opinion";
import type { Draft } from "./protocol-draft";

const LANGUAGES = ["ru", "en"] as const;
/** As the API has it. */
const MOST_SIGNS = 12;

type Place = "title" | "instruction" | "changes" | `signs.${string}.${number}`;

export function BothField({ name, label, rows }: { name: Place; label: string; rows: number }) {
  const { t } = useTranslation("oversight");
  const { register, getFieldState, formState } = useFormContext<Draft>();
  return (
    <fieldset className="both">
      <legend>{label}</legend>
      {LANGUAGES.map((language) => {
        const path = `${name}.${language}` as const;
        const fault = getFieldState(path, formState).error?.message;
        const spoken = t(language === "ru" ? "experts.russian" : "experts.english");
        return (
          <div key={language}>
            <textarea
              rows={rows}
              lang={language}
              aria-label={`${label}, ${spoken}`}
              aria-invalid={fault !== undefined}
              placeholder={spoken}
              {...register(path, {
                validate: (value) =>
                  (typeof value === "string" && value.trim() !== "") || t("experts.required"),
              })}
            />
            <span className="fault">{fault}</span>
          </div>
        );
      })}
    </fieldset>
  );
}

/** The signs of one class, and images that show them. */
export function Signs({ of }: { of: string }) {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  const { control, register, getFieldState, formState } = useFormContext<Draft>();
  const signs = useFieldArray({ control, name: `signs.${of}` as const });
  const fault = getFieldState(`examples.${of}`, formState).error?.message;
  return (
    <section className="class-signs">
      <h3>{nameOf(of)}</h3>
      {signs.fields.map(({ id }, place) => (
        <div key={id} className="sign">
          <BothField
            name={`signs.${of}.${place}`}
            label={t("experts.sign", { number: place + 1 })}
            rows={2}
          />
          <button
            type="button"
            className="quiet"
            disabled={signs.fields.length === 1}
            aria-label={t("experts.removeSign", { number: place + 1 })}
            onClick={() => signs.remove(place)}
          >
            ×
          </button>
        </div>
      ))}
      <button
        type="button"
        disabled={signs.fields.length >= MOST_SIGNS}
        onClick={() => signs.append({ ru: "", en: "" })}
      >
        {t("experts.addSign")}
      </button>
      <div className="field">
        <label htmlFor={`examples-${of}`}>{t("experts.examples")}</label>
        <input
          id={`examples-${of}`}
          aria-invalid={fault !== undefined}
          aria-describedby={`examples-${of}-hint`}
          {...register(`examples.${of}`)}
        />
        <span className="hint" id={`examples-${of}-hint`}>
          {t("experts.examplesHint")}
        </span>
        <span className="fault">{fault}</span>
      </div>
    </section>
  );
}
