/** A labelled field with what it wants and what is wrong with it. */
import { type ReactNode, useId } from "react";

interface Told {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string;
}

interface Shown {
  label: string;
  hint?: string;
  fault?: string;
  children: (told: Told) => ReactNode;
}

export function Field({ label, hint, fault, children }: Shown) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-invalid": fault !== undefined,
        "aria-describedby": `${id}-hint ${id}-fault`,
      })}
      <span className="hint" id={`${id}-hint`}>
        {hint}
      </span>
      <span className="fault" id={`${id}-fault`}>
        {fault}
      </span>
    </div>
  );
}
