/** One field of the form, made from its entry in the vocabulary. */
import { type ReactNode, useId, useState } from "react";
import { type Control, useController } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Choice, Field } from "../api/contract";
import { labelOf } from "../language";
import { today } from "../language/format";
import { afterPress } from "../ui/after-press";
import { type Answer, type Filled, toggled } from "./answers";

/** More choices than this are a list to open. */
const CHIPS_AT_MOST = 8;

interface Shown {
  field: Field;
  answer: Answer;
  fault: string | undefined;
  /** A remark beside the field, such as the age reckoned from the code. */
  remark?: string;
  /** What stands below the choices. */
  below?: ReactNode;
  change: (answer: Answer) => void;
  left: () => void;
}

interface Bound extends Pick<Shown, "field" | "remark" | "below"> {
  control: Control<Filled>;
}

export function FieldControl({ control, ...rest }: Bound) {
  const { field, fieldState } = useController({ control, name: `answers.${rest.field.key}` });
  const shown: Shown = {
    ...rest,
    answer: field.value,
    fault: fieldState.error?.message,
    change: field.onChange,
    left: () => afterPress(field.onBlur),
  };
  const { kind, choices } = rest.field;
  if (kind === "integer" || kind === "date") return <Typed {...shown} />;
  if (choices.length > CHIPS_AT_MOST) return <Listed {...shown} />;
  return <Chips {...shown} />;
}

function Typed({ field, answer, fault, remark, change, left }: Shown) {
  const described = useId();
  const isDate = field.kind === "date";
  return (
    <div className={`field brief field-${field.key}`}>
      <label htmlFor={`field-${field.key}`}>
        <Title field={field} />
      </label>
      <Fault id={described} text={fault} />
      <div className="beside">
        <input
          id={`field-${field.key}`}
          type={isDate ? "date" : "number"}
          inputMode={isDate ? undefined : "numeric"}
          className={isDate ? undefined : "short"}
          min={field.minimum ?? undefined}
          max={isDate ? today() : (field.maximum ?? undefined)}
          value={typeof answer === "string" ? answer : ""}
          aria-invalid={fault ? true : undefined}
          aria-describedby={described}
          onChange={(event) => change(event.target.value)}
          onBlur={left}
        />
        {remark && <span className="hint">{remark}</span>}
      </div>
    </div>
  );
}

function Listed({ field, answer, fault, change, left }: Shown) {
  const { t } = useTranslation();
  const described = useId();
  return (
    <div className={`field brief field-${field.key}`}>
      <label htmlFor={`field-${field.key}`}>
        <Title field={field} />
      </label>
      <Fault id={described} text={fault} />
      <select
        id={`field-${field.key}`}
        value={typeof answer === "string" ? answer : ""}
        aria-invalid={fault ? true : undefined}
        aria-describedby={described}
        onChange={(event) => change(event.target.value)}
        onBlur={left}
      >
        <option value="">{t("survey.notStated")}</option>
        {field.choices.map((choice) => (
          <option key={choice.key} value={choice.key}>
            {labelOf(choice.labels)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface Chip {
  key: string;
  value: Answer;
  text: string;
  hint: string | null;
}

function Chips({ field, answer, fault, below, change }: Shown) {
  const { t } = useTranslation();
  const described = useId();
  const [pointed, setPointed] = useState<string | null>(null);
  const several = field.kind === "choices";
  const chips: Chip[] =
    field.kind === "boolean"
      ? [
          { key: "yes", value: true, text: t("yes"), hint: null },
          { key: "no", value: false, text: t("no"), hint: null },
        ]
      : field.choices.map(chipOf);
  const chosen = (chip: Chip) =>
    several ? Array.isArray(answer) && answer.includes(chip.key) : answer === chip.value;
  const explained = chips.find((chip) => chip.key === pointed) ?? chips.find(chosen);
  return (
    <fieldset
      id={`field-${field.key}`}
      className={`field ${chips.length <= 2 ? "brief " : ""}field-${field.key}`}
      aria-describedby={described}
    >
      <legend>
        <Title field={field} />
      </legend>
      <Fault id={described} text={fault} />
      <div className="chips">
        {chips.map((chip) => (
          <label
            key={chip.key}
            className="chip"
            data-choice={chip.key}
            onPointerEnter={() => setPointed(chip.key)}
            onPointerLeave={() => setPointed(null)}
          >
            <input
              type={several ? "checkbox" : "radio"}
              name={field.key}
              checked={chosen(chip)}
              aria-label={chip.hint ? `${chip.text}: ${chip.hint}` : undefined}
              aria-invalid={fault ? true : undefined}
              onChange={() => change(several ? toggled(answer, chip.key) : chip.value)}
              onFocus={() => setPointed(chip.key)}
              onBlur={() => setPointed(null)}
            />
            <span>{chip.text}</span>
          </label>
        ))}
      </div>
      {chips.some((chip) => chip.hint) && (
        <p className="hint explained" aria-hidden="true">
          {explained?.hint ?? t("survey.fitzpatrick")}
        </p>
      )}
      {below}
    </fieldset>
  );
}

function chipOf(choice: Choice): Chip {
  return {
    key: choice.key,
    value: choice.key,
    text: labelOf(choice.labels),
    hint: choice.hint ? labelOf(choice.hint) : null,
  };
}

function Title({ field }: { field: Field }) {
  const { t } = useTranslation();
  const hint = field.hint ? labelOf(field.hint) : field.required ? null : t("optional");
  return (
    <>
      {labelOf(field.labels)}
      {hint && (
        <small> {hint.toLocaleLowerCase().startsWith(t("optional")) ? t("optional") : hint}</small>
      )}
    </>
  );
}

export function Fault({ id, text }: { id: string; text: string | undefined }): ReactNode {
  return (
    <span id={id} className="fault">
      {text}
    </span>
  );
}
