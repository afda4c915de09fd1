/** What is wrong in a survey, field by field: found here while it is filled in, or said by the API. */
import type { FieldErrors, Resolver } from "react-hook-form";
import type { Field } from "../api/contract";
import { Refusal } from "../api/errors";
import { today } from "../language/format";
import { type Answers, type Filled, unanswered } from "./answers";
import { ageOn, birthOf } from "./code";

export type Faults = Record<string, string>;

export const CODE = "patient_code";
export const CONSENT = "consent";

export interface Sentences {
  missing: string;
  codeShape: string;
  consentMissing: string;
  age: string;
  ageRange: string;
  future: string;
  beforeBirth: string;
}

/** Years by which the age told may differ from the age reckoned, as the API has it. */
const TOLERANCE = 1;

export function faultsIn(fields: readonly Field[], filled: Filled, say: Sentences): Faults {
  const faults = faultsInAnswers(fields, filled.answers, say);
  const birth = birthOf(filled.code);
  if (!filled.code.trim()) faults[CODE] = say.missing;
  else if (!birth) faults[CODE] = say.codeShape;
  const examined = String(filled.answers.examined_on ?? "");
  if (birth && examined && !faults.examined_on) {
    const reckoned = ageOn(birth, examined);
    if (reckoned === null) faults.examined_on = say.beforeBirth;
    else if (!faults.age && Math.abs(Number(filled.answers.age) - reckoned) > TOLERANCE)
      faults.age = say.age;
  }
  if (!filled.consent.research) faults[CONSENT] = say.consentMissing;
  return faults;
}

/** What is wrong whoever the patient is. */
export function faultsInAnswers(
  fields: readonly Field[],
  answers: Answers,
  say: Sentences,
): Faults {
  const faults: Faults = {};
  for (const field of fields) {
    const answer = answers[field.key];
    if (unanswered(field, answer)) faults[field.key] = say.missing;
    else if (field.kind === "integer" && !isWithin(field, answer)) faults[field.key] = say.ageRange;
    else if (field.kind === "date" && String(answer) > today()) faults[field.key] = say.future;
  }
  return faults;
}

/** As far as the year of birth alone tells. */
export function faultsByYear(answers: Answers, birthYear: number, say: Sentences): Faults {
  const turned = Number(String(answers.examined_on).slice(0, 4)) - birthYear;
  if (turned < 0) return { examined_on: say.beforeBirth };
  const age = Number(answers.age);
  const possible = age >= turned - 1 - TOLERANCE && age <= turned + TOLERANCE;
  return possible ? {} : { age: say.age };
}

function isWithin({ minimum, maximum }: Field, answer: unknown): boolean {
  const whole = /^\d+$/.test(String(answer).trim());
  const number = Number(answer);
  return whole && number >= (minimum ?? 0) && number <= (maximum ?? Number.MAX_SAFE_INTEGER);
}

/** For the form: the same faults, each where its field is. */
export function resolverOf(find: (filled: Filled) => Faults): Resolver<Filled> {
  return (filled) => {
    const faults = find(filled);
    if (Object.keys(faults).length === 0) return { values: filled, errors: {} };
    const { [CODE]: code, [CONSENT]: consent, ...others } = faults;
    const errors: FieldErrors<Filled> = {};
    if (code) errors.code = { type: "wrong", message: code };
    if (consent) errors.consent = { research: { type: "wrong", message: consent } };
    const answers = Object.entries(others).map(([key, message]) => [
      key,
      { type: "wrong", message },
    ]);
    if (answers.length > 0) errors.answers = Object.fromEntries(answers);
    return { values: {}, errors };
  };
}

/** Where in the form a fault of the API belongs. */
export function nameOf(key: string): "code" | "consent.research" | `answers.${string}` {
  if (key === CODE) return "code";
  return key === CONSENT ? "consent.research" : `answers.${key}`;
}

/** What stands wrong in the form, by the key of its field. */
export function faultsShown(errors: FieldErrors<Filled>): Faults {
  const found: [string, string | undefined][] = [
    [CODE, errors.code?.message],
    [CONSENT, errors.consent?.research?.message],
    ...Object.entries(errors.answers ?? {}).map(([key, error]): [string, string | undefined] => [
      key,
      (error as { message?: string } | undefined)?.message,
    ]),
  ];
  return Object.fromEntries(found.filter(([, message]) => message)) as Faults;
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
