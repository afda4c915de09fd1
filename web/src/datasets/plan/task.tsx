/** Task and purpose: what is to be told apart, for whom, and what the set is called. */
import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { capital, useName } from "../names";
import type { PlanDraft } from "./fields";
import { Check, Choice, Item, Line, Passage } from "./inputs";

const PURPOSES = [
  "training",
  "additional_training",
  "clinical_test",
  "self_test",
  "dynamic",
  "technical_defects",
] as const;

export function TaskGroup({ settled }: { settled: boolean }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const { watch } = useFormContext<PlanDraft>();
  const purpose = watch("purpose");
  return (
    <>
      <div className="plan-line">
        <Choice path="purpose" label={t("plan.purpose")}>
          {PURPOSES.map((key) => (
            <option key={key} value={key}>
              {capital(nameOf("purpose", key))}
            </option>
          ))}
        </Choice>
        <Choice path="modality" label={t("plan.modality")}>
          {["DSC", "MAC"].map((key) => (
            <option key={key} value={key}>
              {capital(nameOf("modality", key))} ({key})
            </option>
          ))}
        </Choice>
        <Line path="organ" label={t("plan.organ")} short code />
        <Line path="target" label={t("plan.target")} hint={t("plan.targetHint")} code />
      </div>
      {(purpose === "self_test" || purpose === "clinical_test") && (
        <Check path="repeated" label={t("plan.repeated")} />
      )}
      {!settled && <p className="hint">{t("plan.codeHint")}</p>}
      <Passage path="name" label={t("plan.name")} rows={1} />
      <Passage path="abstract" label={t("plan.abstract")} hint={t("plan.abstractHint")} />
      <Passage path="clinical_task" label={t("plan.clinicalTask")} />
      <Passage path="clinical_use" label={t("plan.clinicalUse")} hint={t("plan.clinicalUseHint")} />
      <Features />
    </>
  );
}

function Features() {
  const { t } = useTranslation("datasets");
  const { control } = useFormContext<PlanDraft>();
  const { fields, append, remove } = useFieldArray({ control, name: "features" });
  return (
    <section className="plan-list" aria-label={t("plan.features")}>
      {fields.map((field, place) => (
        <Item
          key={field.id}
          title={t("plan.feature", { number: place + 1 })}
          remove={fields.length > 1 ? () => remove(place) : undefined}
        >
          <Passage path={`features.${place}`} label={t("plan.features")} rows={1} />
        </Item>
      ))}
      <button type="button" onClick={() => append({ ru: "", en: "" })}>
        {t("plan.addFeature")}
      </button>
    </section>
  );
}
