/** One condition: a field, what it must be, and values as words. What may be asked of a field the API says. */
import { useQuery } from "@tanstack/react-query";
import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { labelOf } from "../../language";
import { capital } from "../names";
import { fieldsQuery } from "../queries";
import { FaultText, idOf, useFault } from "./faults";
import { type ConditionField, type CriteriaName, isChosen, type PlanDraft } from "./fields";
import { Item } from "./inputs";

const GROUPS = ["survey", "image", "quality", "label"] as const;
const WITHOUT_VALUE: readonly string[] = ["", "is_recorded", "is_not_recorded"];

export function ConditionRow({
  name,
  place,
  remove,
}: {
  name: CriteriaName;
  place: number;
  remove: () => void;
}) {
  const { t } = useTranslation("datasets");
  const path = `${name}.${place}` as const;
  const { watch } = useFormContext<PlanDraft>();
  const told = useQuery(fieldsQuery).data;
  const { field: key, operator } = watch(path) ?? { field: "", operator: "" };
  const field = told?.fields.find((each) => each.key === key);
  return (
    <Item title={t("plan.condition", { number: place + 1 })} remove={remove}>
      <FaultText path={path} />
      <div className="condition" id={idOf(path)} tabIndex={-1}>
        <FieldChoice path={path} fields={told?.fields ?? []} />
        {field && <OperatorChoice path={path} field={field} />}
        {field && !WITHOUT_VALUE.includes(operator) && (
          <Value path={path} field={field} operator={operator} />
        )}
      </div>
    </Item>
  );
}

type ConditionPath = `${CriteriaName}.${number}`;

function FieldChoice({ path, fields }: { path: ConditionPath; fields: readonly ConditionField[] }) {
  const { t } = useTranslation("datasets");
  const { register, setValue } = useFormContext<PlanDraft>();
  const fault = useFault(`${path}.field`);
  return (
    <div>
      <select
        id={idOf(`${path}.field`)}
        aria-label={t("plan.field")}
        aria-invalid={fault ? true : undefined}
        {...register(`${path}.field`, {
          // What was asked of another field says nothing about this one.
          onChange: (event: { target: { value: string } }) => {
            const chosen = fields.find((each) => each.key === event.target.value);
            setValue(`${path}.operator`, chosen?.operators[0] ?? "");
            setValue(`${path}.chosen`, []);
            setValue(`${path}.typed`, "");
          },
        })}
      >
        <option value="">{t("plan.chooseField")}</option>
        {GROUPS.map((group) => (
          <optgroup key={group} label={t(`plan.groupOf.${group}`)}>
            {fields
              .filter((each) => each.group === group)
              .map((each) => (
                <option key={each.key} value={each.key}>
                  {labelOf(each.labels)}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <FaultText path={`${path}.field`} />
    </div>
  );
}

function OperatorChoice({ path, field }: { path: ConditionPath; field: ConditionField }) {
  const { t } = useTranslation("datasets");
  const { register } = useFormContext<PlanDraft>();
  const operators = useQuery(fieldsQuery).data?.operators ?? [];
  const fault = useFault(`${path}.operator`);
  return (
    <div>
      <select
        id={idOf(`${path}.operator`)}
        aria-label={t("plan.operator")}
        aria-invalid={fault ? true : undefined}
        {...register(`${path}.operator`)}
      >
        {operators
          .filter((each) => field.operators.includes(each.key))
          .map((each) => (
            <option key={each.key} value={each.key}>
              {labelOf(each.labels)}
            </option>
          ))}
      </select>
      <FaultText path={`${path}.operator`} />
    </div>
  );
}

function Value(shown: { path: ConditionPath; field: ConditionField; operator: string }) {
  const { path, field, operator } = shown;
  const several = operator === "is" || operator === "is_not";
  return (
    <div className="condition-value">
      {isChosen(field) ? (
        several && field.kind !== "boolean" ? (
          <SeveralChoices path={path} field={field} />
        ) : (
          <OneChoice path={path} field={field} />
        )
      ) : (
        <Typed path={path} field={field} several={several} />
      )}
      <FaultText path={`${path}.value`} />
    </div>
  );
}

function SeveralChoices({ path, field }: { path: ConditionPath; field: ConditionField }) {
  const { t } = useTranslation("datasets");
  const { register } = useFormContext<PlanDraft>();
  return (
    <fieldset className="chips" aria-label={`${labelOf(field.labels)}: ${t("plan.values")}`}>
      {field.choices.map(({ key, labels }) => (
        <label key={key} className="chip">
          <input type="checkbox" value={key} {...register(`${path}.chosen`)} />
          <span>{capital(labelOf(labels))}</span>
        </label>
      ))}
    </fieldset>
  );
}

function OneChoice({ path, field }: { path: ConditionPath; field: ConditionField }) {
  const { t } = useTranslation("datasets");
  const { t: common } = useTranslation();
  const { watch, setValue } = useFormContext<PlanDraft>();
  const choices =
    field.kind === "boolean"
      ? [
          { key: "true", name: common("yes") },
          { key: "false", name: common("no") },
        ]
      : field.choices.map(({ key, labels }) => ({ key, name: capital(labelOf(labels)) }));
  return (
    <select
      aria-label={`${labelOf(field.labels)}: ${t("plan.value")}`}
      value={watch(`${path}.chosen`)?.[0] ?? ""}
      onChange={(event) =>
        setValue(`${path}.chosen`, event.target.value ? [event.target.value] : [], {
          shouldDirty: true,
        })
      }
    >
      <option value="">—</option>
      {choices.map(({ key, name }) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Typed(shown: { path: ConditionPath; field: ConditionField; several: boolean }) {
  const { path, field, several } = shown;
  const { t } = useTranslation("datasets");
  const { register } = useFormContext<PlanDraft>();
  const fault = useFault(`${path}.value`);
  const named = `${labelOf(field.labels)}: ${t(several ? "plan.values" : "plan.value")}`;
  return (
    <>
      <input
        id={idOf(`${path}.value`)}
        type={field.kind === "date" && !several ? "date" : "text"}
        inputMode={field.kind === "integer" || field.kind === "number" ? "decimal" : undefined}
        aria-label={named}
        aria-invalid={fault ? true : undefined}
        autoComplete="off"
        {...register(`${path}.typed`)}
      />
      {several && <small className="hint">{t("plan.valuesHint")}</small>}
    </>
  );
}
