/** Units and criteria: which images, how many, and what must hold of them. */
import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { capital, useName } from "../names";
import { ConditionRow } from "./condition-row";
import { FaultText, idOf } from "./faults";
import { type CriteriaName, NEW_CONDITION, type PlanDraft } from "./fields";
import { Choice, Line, Ticks } from "./inputs";

export function UnitsGroup() {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  return (
    <>
      <div className="plan-line">
        <Choice path="unit" label={t("plan.unit")}>
          {["image", "lesion", "patient", "series"].map((key) => (
            <option key={key} value={key}>
              {capital(nameOf("unit", key))}
            </option>
          ))}
        </Choice>
        <Line path="units" label={t("plan.number")} hint={t("plan.numberHint")} short />
        <Ticks
          path="kinds"
          label={t("plan.kinds")}
          choices={["dermoscopic", "macroscopic"].map((key) => ({
            key,
            name: capital(nameOf("kind", key)),
          }))}
        />
      </div>
      <Criteria name="inclusion" title={t("plan.inclusion")} hint={t("plan.inclusionHint")} />
      <Criteria
        name="non_inclusion"
        title={t("plan.nonInclusion")}
        hint={t("plan.nonInclusionHint")}
      />
      <Criteria name="exclusion" title={t("plan.exclusion")} hint={t("plan.exclusionHint")} />
      <p className="hint">{t("plan.notRecorded")}</p>
    </>
  );
}

function Criteria({ name, title, hint }: { name: CriteriaName; title: string; hint: string }) {
  const { t } = useTranslation("datasets");
  const { control } = useFormContext<PlanDraft>();
  const { fields, append, remove } = useFieldArray({ control, name });
  return (
    <section className="plan-list" id={idOf(name)} tabIndex={-1} aria-label={title}>
      <h3>
        {title} <small>{hint}</small>
      </h3>
      <FaultText path={name} />
      {fields.map((field, place) => (
        <ConditionRow key={field.id} name={name} place={place} remove={() => remove(place)} />
      ))}
      <button type="button" onClick={() => append({ ...NEW_CONDITION })}>
        {t("plan.addCondition")}
      </button>
    </section>
  );
}
