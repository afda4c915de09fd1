/** Terms and authors: who may have the set, under which licence, and who answers for it. */
import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { capital, useName } from "../names";
import { FaultText, idOf } from "./faults";
import { newMember, type PlanDraft } from "./fields";
import { Check, Choice, Item, Line, Passage } from "./inputs";

const LICENCES = [
  "CC0-1.0",
  "CC-BY-4.0",
  "CC-BY-NC-4.0",
  "CC-BY-NC-ND-4.0",
  "LicenseRef-Agreement",
] as const;

export function TermsGroup() {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const { watch } = useFormContext<PlanDraft>();
  return (
    <>
      <div className="plan-line">
        <Choice path="access" label={t("plan.access")}>
          {["public", "controlled", "hidden"].map((key) => (
            <option key={key} value={key}>
              {capital(nameOf("access", key))}
            </option>
          ))}
        </Choice>
        <Choice path="licence" label={t("plan.licence")}>
          {LICENCES.map((key) => (
            <option key={key} value={key}>
              {key}: {nameOf("licence", key)}
            </option>
          ))}
        </Choice>
        <Choice path="language" label={t("plan.language")}>
          {(["ru, en", "ru", "en"] as const).map((key) => (
            <option key={key} value={key}>
              {capital(t(`plan.languages.${key}`))}
            </option>
          ))}
        </Choice>
      </div>
      <Check path="prohibited" label={t("plan.withProhibitions")} />
      {watch("prohibited") && (
        <Passage path="special_prohibitions" label={t("plan.prohibitions")} />
      )}
      <Line path="keywords" label={t("plan.keywords")} hint={t("plan.keywordsHint")} />
      <Line path="funding" label={t("plan.funding")} />
      <Line path="conflicts_of_interest" label={t("plan.conflicts")} />
      <Members />
    </>
  );
}

function Members() {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const { control } = useFormContext<PlanDraft>();
  const { fields, append, remove } = useFieldArray({ control, name: "working_group" });
  return (
    <section
      className="plan-list"
      id={idOf("working_group")}
      tabIndex={-1}
      aria-label={t("plan.group")}
    >
      <h3>
        {t("plan.group")} <small>{t("plan.groupHint")}</small>
      </h3>
      <FaultText path="working_group" />
      {fields.map((field, place) => (
        <Item
          key={field.id}
          title={t("plan.member", { number: place + 1 })}
          remove={fields.length > 1 ? () => remove(place) : undefined}
        >
          <div className="plan-line">
            <Line path={`working_group.${place}.name`} label={t("plan.memberName")} />
            <Choice path={`working_group.${place}.task`} label={t("plan.memberTask")}>
              {["clinician", "data_scientist", "engineer", "administrator"].map((key) => (
                <option key={key} value={key}>
                  {capital(nameOf("task", key))}
                </option>
              ))}
            </Choice>
            <Line path={`working_group.${place}.affiliation`} label={t("plan.affiliation")} />
            <Line path={`working_group.${place}.orcid`} label={t("plan.orcid")} code />
          </div>
        </Item>
      ))}
      <button type="button" onClick={() => append(newMember("data_scientist"))}>
        {t("plan.addMember")}
      </button>
    </section>
  );
}
