/** Classes and balance: what a unit may be, by which signs, and how many of each are wanted. */
import { useQuery } from "@tanstack/react-query";
import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { vocabulariesQuery } from "../../api/queries";
import { labelOf } from "../../language";
import { capital, useName } from "../names";
import { FaultText, idOf } from "./faults";
import { newClass, type PlanDraft } from "./fields";
import { Choice, Item, Line, Passage, Ticks } from "./inputs";

export function ClassesGroup() {
  const { t } = useTranslation("datasets");
  const { control, watch } = useFormContext<PlanDraft>();
  const { fields, append, remove } = useFieldArray({ control, name: "classes" });
  return (
    <>
      <p className="hint">{t("plan.classesHint")}</p>
      <section
        className="plan-list"
        id={idOf("classes")}
        tabIndex={-1}
        aria-label={t("plan.groups.classes")}
      >
        <FaultText path="classes" />
        {fields.map((field, place) => (
          <Item
            key={field.id}
            title={watch(`classes.${place}.key`) || t("plan.classNumber", { number: place + 1 })}
            remove={fields.length > 1 ? () => remove(place) : undefined}
          >
            <ClassFields place={place} />
          </Item>
        ))}
        {fields.length < 10 && (
          <button type="button" onClick={() => append(newClass("negative"))}>
            {t("plan.addClass")}
          </button>
        )}
      </section>
      <Line
        path="most_of_one_device"
        label={t("plan.mostOfOneDevice")}
        hint={t("plan.mostOfOneDeviceHint")}
        short
      />
    </>
  );
}

function ClassFields({ place }: { place: number }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const { watch } = useFormContext<PlanDraft>();
  const diagnoses = useQuery(vocabulariesQuery).data?.classes ?? [];
  const role = watch(`classes.${place}.role`);
  return (
    <>
      <Passage path={`classes.${place}.title`} label={t("plan.classTitle")} rows={1} />
      <div className="plan-line">
        <Line
          path={`classes.${place}.key`}
          label={t("plan.classKey")}
          hint={t("plan.classKeyHint")}
          code
        />
        <Choice path={`classes.${place}.role`} label={t("plan.classRole")}>
          {["positive", "negative", "defect"].map((key) => (
            <option key={key} value={key}>
              {capital(nameOf("role", key))}
            </option>
          ))}
        </Choice>
        <Line
          path={`classes.${place}.units`}
          label={t("plan.classUnits")}
          hint={t("plan.classUnitsHint")}
          short
        />
      </div>
      {role !== "defect" && (
        <Ticks
          path={`classes.${place}.diagnoses`}
          label={t("plan.classDiagnoses")}
          choices={diagnoses.map(({ key, labels }) => ({ key, name: capital(labelOf(labels)) }))}
        />
      )}
      <Passage path={`classes.${place}.requirements`} label={t("plan.classRequirements")} />
    </>
  );
}
