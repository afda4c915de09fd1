/** The patient code: shown to be right as soon as it is whole, and kept nowhere. */
import { useEffect, useRef } from "react";
import { type Control, useController } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { day } from "../language/format";
import { afterPress } from "../ui/after-press";
import type { Filled } from "./answers";
import { type Birth, birthOf } from "./code";
import { CODE } from "./faults";
import { Fault } from "./field-control";

interface Shown {
  control: Control<Filled>;
  /** After each change. */
  typed: (code: string) => void;
}

export function CodeField({ control, typed }: Shown) {
  const { t } = useTranslation();
  const survey = useTranslation("survey").t;
  const { field, fieldState } = useController({ control, name: "code" });
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const fault = fieldState.error?.message;
  const birth = birthOf(field.value);
  return (
    <div className="field survey-code">
      <label htmlFor={`field-${CODE}`}>{t("survey.patientCode")}</label>
      <Fault id="fault-code" text={fault} />
      <div className="beside">
        <input
          id={`field-${CODE}`}
          ref={input}
          className="code"
          inputMode="numeric"
          autoComplete="off"
          maxLength={20}
          value={field.value}
          aria-invalid={fault ? true : undefined}
          aria-describedby="fault-code hint-code"
          onChange={(event) => {
            field.onChange(event.target.value);
            typed(event.target.value);
          }}
          onBlur={() => afterPress(field.onBlur)}
        />
        <span className="hint" id="hint-code">
          {birth ? survey("bornOn", { date: day(isoOf(birth)) }) : t("survey.patientCodeHint")}
        </span>
      </div>
    </div>
  );
}

function isoOf({ year, month, day: date }: Birth): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`;
}
