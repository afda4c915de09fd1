/** The fields of a pathologist's report: each is asked only where it has a meaning. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { vocabulariesQuery } from "../../api/queries";
import { labelOf } from "../../language";
import { today } from "../../language/format";
import { asked, type Entered } from "./findings";

interface Shown {
  form: UseFormReturn<Entered>;
}

export function Fields({ form }: Shown) {
  const { t } = useTranslation("follow_up");
  const words = useQuery(vocabulariesQuery).data;
  const entered = form.watch();
  const codes = words?.classes.find((each) => each.key === entered.diagnosis)?.icd10 ?? [];
  return (
    <div className="report-fields">
      <Field form={form} name="diagnosis" label={t("histology.diagnosis")} required>
        {(own) => (
          <select {...own}>
            <option value="">{t("histology.choose")}</option>
            {words?.classes.map(({ key, labels }) => (
              <option key={key} value={key}>
                {key === "unknown" ? t("histology.unknown") : labelOf(labels)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field form={form} name="reported_on" label={t("histology.reportedOn")} required>
        {(own) => <input type="date" max={today()} {...own} />}
      </Field>
      <Field form={form} name="icd10" label={t("histology.icd10")} hint={t("histology.icd10Hint")}>
        {(own) => (
          <>
            <input className="short" autoComplete="off" list="icd10-codes" {...own} />
            <datalist id="icd10-codes">
              {codes.map((code) => (
                <option key={code} value={code} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Choices form={form} name="method" />
      {asked("margins", entered) && <Choices form={form} name="margins" />}
      {asked("breslow_mm", entered) && <Melanoma form={form} />}
    </div>
  );
}

function Melanoma({ form }: Shown) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  return (
    <>
      <Field form={form} name="breslow_mm" label={t("histology.breslow")}>
        {(own) => <input className="short" inputMode="decimal" autoComplete="off" {...own} />}
      </Field>
      <Choices form={form} name="pt_stage" />
      <Choices form={form} name="clark_level" />
      <Field form={form} name="ulceration" label={t("histology.ulceration")}>
        {(own) => (
          <select {...own}>
            <option value="">{t("histology.notSaid")}</option>
            <option value="no">{common("no")}</option>
            <option value="yes">{common("yes")}</option>
          </select>
        )}
      </Field>
      <Field form={form} name="mitotic_rate" label={t("histology.mitoses")}>
        {(own) => <input className="short" inputMode="numeric" autoComplete="off" {...own} />}
      </Field>
    </>
  );
}

type OfWords = "method" | "margins" | "clark_level" | "pt_stage";

/** A field whose words the vocabulary has. */
function Choices({ form, name }: Shown & { name: OfWords }) {
  const { t } = useTranslation("follow_up");
  const field = useReportField(name);
  return (
    <Field form={form} name={name} label={field.label}>
      {(own) => (
        <select {...own}>
          <option value="">{t("histology.notSaid")}</option>
          {field.choices.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** The name of a report's field and its words; keys until the vocabulary is there. */
export function useReportField(name: OfWords): {
  label: string;
  choices: { key: string; label: string }[];
} {
  const found = useQuery(vocabulariesQuery).data?.histology.find((each) => each.key === name);
  return {
    label: found ? labelOf(found.labels) : name,
    choices: (found?.choices ?? []).map(({ key, labels, hint }) => ({
      key,
      label: hint ? `${labelOf(labels)}: ${labelOf(hint)}` : labelOf(labels),
    })),
  };
}

interface One extends Shown {
  name: keyof Entered;
  label: string;
  hint?: string;
  required?: boolean;
  children: (own: Record<string, unknown>) => ReactNode;
}

function Field({ form, name, label, hint, required, children }: One) {
  const { t } = useTranslation();
  const { t: tt } = useTranslation("follow_up");
  const fault = form.formState.errors[name]?.message;
  const id = `report-${name}`;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {!required && <small>{t("optional")}</small>}
      </label>
      {children({
        id,
        "aria-invalid": fault !== undefined,
        "aria-describedby": `${id}-said`,
        ...form.register(name, { required: required ? tt("histology.missing") : false }),
      })}
      <span id={`${id}-said`} className={fault ? "fault" : "hint"}>
        {fault ?? hint}
      </span>
    </div>
  );
}
