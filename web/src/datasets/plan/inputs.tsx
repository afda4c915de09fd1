/** The fields that a plan's form is made of: each with its label, its hint and what the API said of it. */
import type { ReactNode } from "react";
import { type FieldPath, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { FaultText, idOf, useFault } from "./faults";
import type { PlanDraft } from "./fields";

export type Path = FieldPath<PlanDraft>;
/** A passage in both languages. */
export type BothPath =
  | "name"
  | "abstract"
  | "clinical_task"
  | "clinical_use"
  | "data_security"
  | "special_prohibitions"
  | `features.${number}`
  | `classes.${number}.title`
  | `classes.${number}.requirements`;

interface Shown {
  path: Path;
  label: string;
  hint?: string;
}

function useField(path: Path) {
  const { register } = useFormContext<PlanDraft>();
  const fault = useFault(path);
  return {
    ...register(path),
    id: idOf(path),
    "aria-invalid": fault ? (true as const) : undefined,
    "aria-describedby": `${idOf(path)}-fault`,
  };
}

function Label({ path, label, hint }: Shown) {
  return (
    <label htmlFor={idOf(path)}>
      {label}
      {hint && <small> {hint}</small>}
    </label>
  );
}

export function Line({
  path,
  label,
  hint,
  short,
  code,
}: Shown & { short?: boolean; code?: boolean }) {
  const field = useField(path);
  return (
    <div className={short ? "field narrow" : "field"}>
      <Label path={path} label={label} hint={hint} />
      <input
        {...field}
        autoComplete="off"
        spellCheck={!code}
        inputMode={short && !code ? "decimal" : undefined}
        className={short ? "short" : undefined}
      />
      <FaultText path={path} />
    </div>
  );
}

export function Choice({ path, label, hint, children }: Shown & { children: ReactNode }) {
  return (
    <div className="field">
      <Label path={path} label={label} hint={hint} />
      <select {...useField(path)}>{children}</select>
      <FaultText path={path} />
    </div>
  );
}

export function Check({ path, label, hint }: Shown) {
  return (
    <div className="field">
      <label className="check">
        <input type="checkbox" {...useField(path)} />
        <span>
          {label}
          {hint && <small> {hint}</small>}
        </span>
      </label>
      <FaultText path={path} />
    </div>
  );
}

/** Several of a list. */
export function Ticks({
  path,
  label,
  hint,
  choices,
}: Shown & { choices: readonly { key: string; name: string }[] }) {
  const { register } = useFormContext<PlanDraft>();
  const fault = useFault(path);
  return (
    <fieldset
      className="field"
      id={idOf(path)}
      aria-describedby={`${idOf(path)}-fault`}
      tabIndex={-1}
    >
      <legend>
        {label}
        {hint && <small> {hint}</small>}
      </legend>
      <FaultText path={path} />
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
    </fieldset>
  );
}

/** One passage in each language, side by side where there is room. */
export function Passage({
  path,
  label,
  hint,
  rows = 2,
}: {
  path: BothPath;
  label: string;
  hint?: string;
  rows?: number;
}) {
  const { t } = useTranslation("datasets");
  return (
    <fieldset className="field both" id={idOf(path)} tabIndex={-1}>
      <legend>
        {label}
        {hint && <small> {hint}</small>}
      </legend>
      <FaultText path={path} />
      <Tongue
        path={`${path}.ru`}
        tongue="ru"
        name={`${label}, ${t("plan.inRussian")}`}
        rows={rows}
      />
      <Tongue
        path={`${path}.en`}
        tongue="en"
        name={`${label}, ${t("plan.inEnglish")}`}
        rows={rows}
      />
    </fieldset>
  );
}

function Tongue({
  path,
  tongue,
  name,
  rows,
}: {
  path: Path;
  tongue: "ru" | "en";
  name: string;
  rows: number;
}) {
  const field = useField(path);
  return (
    <div className="tongue">
      <span className="tongue-name" aria-hidden="true">
        {tongue}
      </span>
      {rows === 1 ? (
        <input {...field} lang={tongue} aria-label={name} autoComplete="off" />
      ) : (
        <textarea {...field} lang={tongue} aria-label={name} rows={rows} />
      )}
      <FaultText path={path} />
    </div>
  );
}

/** One thing of several: a class, a condition, a person. */
export function Item({
  title,
  remove,
  children,
}: {
  title: string;
  remove?: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation("datasets");
  return (
    <fieldset className="plan-item">
      <legend className="plan-item-title">{title}</legend>
      {children}
      {remove && (
        <button
          type="button"
          className="quiet plan-item-remove"
          aria-label={`${t("plan.remove")}: ${title}`}
          onClick={remove}
        >
          {t("plan.remove")}
        </button>
      )}
    </fieldset>
  );
}
