/** Fields of the form of an algorithm, each with what the API said of it. */
import { createContext, useContext } from "react";
import { type FieldPath, useFormContext } from "react-hook-form";
import type { AlgorithmDraft } from "./algorithm-draft";

/** By path, as the API has them. */
export const FaultsContext = createContext<Readonly<Record<string, string>>>({});

interface Shown {
  path: FieldPath<AlgorithmDraft>;
  label: string;
  hint?: string;
}

export function Line({
  path,
  label,
  hint,
  number,
  rows,
}: Shown & { number?: boolean; rows?: number }) {
  const { register } = useFormContext<AlgorithmDraft>();
  const fault = useContext(FaultsContext)[path];
  const control = {
    ...register(path),
    id: path,
    "aria-invalid": fault ? (true as const) : undefined,
    "aria-describedby": `${path}-fault`,
  };
  return (
    <div className={number ? "field narrow" : "field"}>
      <label htmlFor={path}>
        {label}
        {hint && <small> {hint}</small>}
      </label>
      {rows ? (
        <textarea {...control} rows={rows} maxLength={500} />
      ) : (
        <input {...control} autoComplete="off" inputMode={number ? "decimal" : undefined} />
      )}
      <span id={`${path}-fault`} className="fault">
        {fault}
      </span>
    </div>
  );
}

export function Ticks({
  path,
  label,
  hint,
  choices,
}: Shown & { choices: readonly { key: string; name: string }[] }) {
  const { register } = useFormContext<AlgorithmDraft>();
  const faults = useContext(FaultsContext);
  const fault = Object.entries(faults).find(
    ([at]) => at === path || at.startsWith(`${path}.`),
  )?.[1];
  return (
    <fieldset className="field" aria-describedby={`${path}-fault`}>
      <legend>
        {label}
        {hint && <small> {hint}</small>}
      </legend>
      <div className="chips">
        {choices.map(({ key, name }) => (
          <label key={key} className="chip">
            <input
              type="checkbox"
              value={key}
              aria-invalid={fault ? true : undefined}
              {...register(path)}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
      <span id={`${path}-fault`} className="fault">
        {fault}
      </span>
    </fieldset>
  );
}
