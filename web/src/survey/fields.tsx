/** The fields of the survey in the paper form's order, in columns. */
import "./survey.css";
import type { Control, UseFormSetValue } from "react-hook-form";
import type { Field } from "../api/contract";
import type { Filled } from "./answers";
import { FieldControl } from "./field-control";
import { SpotControl } from "./spot-control";

interface Shown {
  fields: readonly Field[];
  control: Control<Filled>;
  setValue: UseFormSetValue<Filled>;
  /** A remark beside a field, by its key. */
  remarks?: Readonly<Record<string, string | undefined>>;
  /** Whether the place on the body map is asked for. */
  places?: boolean;
}

export function SurveyFields({ fields, control, setValue, remarks, places }: Shown) {
  return (
    <div className="survey-fields">
      {fields.map((field) => (
        <FieldControl
          key={field.key}
          field={field}
          control={control}
          remark={remarks?.[field.key]}
          below={
            places && field.key === "site" ? (
              <SpotControl control={control} setValue={setValue} />
            ) : undefined
          }
        />
      ))}
    </div>
  );
}
