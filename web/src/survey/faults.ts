/** What is wrong in a survey, field by field: found here before sending, or said by the API. */
import type { Field } from "../api/contract";
import { Refusal } from "../api/errors";
import { type Filled, unanswered } from "./answers";
import { birthOf } from "./code";

export type Faults = Readonly<Record<string, string>>;

export const CODE = "patient_code";
export const CONSENT = "consent";

export interface Sentences {
  missing: string;
  codeShape: string;
  consentMissing: string;
}

export function faultsIn(fields: readonly Field[], filled: Filled, say: Sentences): Faults {
  const faults: Record<string, string> = {};
  if (!filled.code.trim()) faults[CODE] = say.missing;
  else if (!birthOf(filled.code)) faults[CODE] = say.codeShape;
  for (const field of fields) {
    if (unanswered(field, filled.answers[field.key])) faults[field.key] = say.missing;
  }
  if (!filled.consent.research) faults[CONSENT] = say.consentMissing;
  return faults;
}

/** The API's sentences by the field they belong to; `family_history.0` belongs to its list. */
export function faultsSaid(error: unknown): Faults {
  if (!(error instanceof Refusal)) return {};
  const said = Object.entries(error.fields).map(([path, text]) => [path.split(".")[0], text]);
  return Object.fromEntries(said);
}

/** Where the error summary leads: the first control of the field. */
export function focusField(key: string): void {
  const field = document.getElementById(`field-${key}`);
  const control = field?.matches("input, select")
    ? field
    : (field?.querySelector<HTMLElement>("input:checked") ??
      field?.querySelector<HTMLElement>("input, select"));
  control?.focus();
  field?.scrollIntoView({ block: "center" });
}
