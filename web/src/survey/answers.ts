/** Answers as they stand in the form, and what is made of them for the API. */
import type { Field, NewSurvey, Patient, Survey } from "../api/contract";
import { placeAt, type Spot } from "../body/views";
import { today } from "../language/format";
import { digits } from "./code";

export type Answer = string | boolean | string[] | undefined;
export type Answers = Record<string, Answer>;

export interface Consent {
  research: boolean;
  publication: boolean;
}

export interface Filled {
  code: string;
  answers: Answers;
  consent: Consent;
  /** Where on the body map, when that was shown. */
  spot: Spot | null;
}

/** Whose survey it is when that is known: of this patient, perhaps of this lesion. */
export interface Whose {
  patient?: string;
  lesion?: string;
  newPatient?: boolean;
}

/** What does not change from visit to visit. */
const LASTING = ["sex", "hair", "skin_type", "race", "freckles", "family_history", "sunburns"];

/** Every field is there, so that clearing the form clears it too; empty where nothing is known. */
export function firstAnswers(
  fields: readonly Field[],
  patient?: Patient,
  lesionId?: string,
): Answers {
  const last: Survey | undefined = patient?.surveys.find((each) => each.lesion_id === lesionId);
  const known = last ?? patient?.surveys[0];
  const lasting = known ? LASTING.map((key) => [key, known[key as keyof Survey]] as const) : [];
  const site = patient?.lesions.find((each) => each.lesion_id === lesionId)?.site;
  return {
    ...Object.fromEntries(fields.map(({ key }) => [key, ""])),
    ...(Object.fromEntries(lasting) as Answers),
    ...(patient ? { sex: patient.sex } : {}),
    ...(site ? { site } : {}),
    examined_on: today(),
  };
}

/** The mark on the body map, unless the site was then answered otherwise. */
export function spotOf({ spot, answers }: Pick<Filled, "spot" | "answers">): Spot | null {
  return spot && placeAt(spot)?.site === answers.site ? spot : null;
}

/** The answers of a recorded survey as they stand in the form. */
export function answersOf(fields: readonly Field[], survey: Survey): Answers {
  return Object.fromEntries(
    fields.map(({ key, kind }) => {
      const answer = survey[key as keyof Survey] as Answer | number | null;
      return [key, kind === "integer" ? String(answer ?? "") : (answer ?? "")];
    }),
  ) as Answers;
}

export function unanswered(field: Field, answer: Answer): boolean {
  if (!field.required) return false;
  return answer === undefined || answer === "" || (Array.isArray(answer) && answer.length === 0);
}

export function surveyOf(fields: readonly Field[], filled: Filled, whose: Whose): NewSurvey {
  // A known lesion has its place already.
  const spot = whose.lesion ? null : spotOf(filled);
  return {
    ...Object.fromEntries(fields.map((field) => [field.key, said(field, filled.answers)])),
    patient_code: digits(filled.code),
    consent: filled.consent,
    ...(whose.patient ? { patient_id: whose.patient } : {}),
    ...(whose.lesion ? { lesion_id: whose.lesion } : {}),
    ...(whose.newPatient ? { new_patient: true } : {}),
    ...(spot ? { spot } : {}),
  } as NewSurvey;
}

/** An answer as the API takes it. */
export function said({ key, kind }: Field, answers: Answers): unknown {
  const answer = answers[key];
  if (kind === "integer") return Number(answer);
  if (kind === "choices") return Array.isArray(answer) ? answer : [];
  return answer === "" || answer === undefined ? null : answer;
}

/** Toggle one of several answers; "none" and the others exclude each other. */
export function toggled(answer: Answer, key: string): string[] {
  const chosen = Array.isArray(answer) ? answer : [];
  if (chosen.includes(key)) return chosen.filter((each) => each !== key);
  if (key === "none") return ["none"];
  return [...chosen.filter((each) => each !== "none"), key];
}
