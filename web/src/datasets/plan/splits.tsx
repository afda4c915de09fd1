/** Splits and the planned test: into which parts the units are dealt, and what they are to show. */
import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { FaultText, idOf } from "./faults";
import type { PlanDraft } from "./fields";
import { Check, Line } from "./inputs";

export function SplitsGroup() {
  const { t } = useTranslation("datasets");
  const { watch } = useFormContext<PlanDraft>();
  return (
    <>
      <Splits />
      <Check path="tested" label={t("plan.test")} hint={t("plan.testHint")} />
      {watch("tested") && (
        <div className="plan-line" id={idOf("test")} tabIndex={-1}>
          <Line path="test.expected_auc" label={t("plan.expectedAuc")} short />
          <Line path="test.threshold_auc" label={t("plan.thresholdAuc")} short />
          <Line path="test.significance" label={t("plan.significance")} short />
          <FaultText path="test" />
        </div>
      )}
      <Line path="seed" label={t("plan.seed")} hint={t("plan.seedHint")} code />
    </>
  );
}

function Splits() {
  const { t } = useTranslation("datasets");
  const { control } = useFormContext<PlanDraft>();
  const { fields, append, remove } = useFieldArray({ control, name: "splits" });
  return (
    <section className="plan-list" id={idOf("splits")} tabIndex={-1} aria-label={t("plan.splits")}>
      <h3>
        {t("plan.splits")} <small>{t("plan.splitsHint")}</small>
      </h3>
      <FaultText path="splits" />
      {fields.length === 0 && <p>{t("plan.noSplits")}</p>}
      {fields.map((field, place) => (
        <div key={field.id} className="plan-line">
          <Line path={`splits.${place}.name`} label={t("plan.splitName")} code />
          <Line path={`splits.${place}.share`} label={t("plan.splitShare")} short />
          <button type="button" className="quiet" onClick={() => remove(place)}>
            {t("plan.remove")}
          </button>
        </div>
      ))}
      <div className="actions">
        <button type="button" onClick={() => append({ name: "", share: "" })}>
          {t("plan.addSplit")}
        </button>
        {fields.length === 0 && (
          <button
            type="button"
            onClick={() =>
              append([
                { name: "train", share: "0.8" },
                { name: "validation", share: "0.2" },
              ])
            }
          >
            {t("plan.usualSplits")}
          </button>
        )}
      </div>
    </section>
  );
}
