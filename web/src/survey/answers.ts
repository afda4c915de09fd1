/** Answers as they stand in the form, and what is made of them for the API. */
import type { Field, NewSurvey, Patient, Survey } from "../api/contract";
import { today } from "../language/format";
import { digits } from "./code";

export type Answer = string | boolean | string[] | undefined;
export type Answers = Readonly<Record<string, Answer>>;

export interface Consent {
  research: boolean;
  publication: boolean;
}

export interface Filled {
  code: string;
  answers: Answers;
  consent: Consent;
}

/** Whose survey it is when that is known: of this patient, perhaps of this lesion. */
export interface Whose {
  patient?: string;
  lesion?: string;
  newPatient?: boolean;
}

/** What does not change from visit to visit. */
const LASTING = ["sex", "hair", "skin_type", "race", "freckles", "family_history", "sunburns"];

export function firstAnswers(patient: Patient | undefined, lesionId: string | undefined): Answers {
  const last: Survey | undefined = patient?.surveys.find((each) => each.lesion_id === lesionId);
  const known = last ?? patient?.surveys[0];
  const lasting = known ? LASTING.map((key) => [key, known[key as keyof Survey]] as const) : [];
  const site = patient?.lesions.find((each) => each.lesion_id === lesionId)?.site;
  return {
    sunburns: [],
    ...(Object.fromEntries(lasting) as Answers),
    ...(patient ? { sex: patient.sex } : {}),
    ...(site ? { site } : {}),
    examined_on: today(),
  };
}

export function unanswered(field: Field, answer: Answer): boolean {
  if (!field.required) return false;
  return answer === undefined || answer === "" || (Array.isArray(answer) && answer.length === 0);
}

export function surveyOf(fields: readonly Field[], filled: Filled, whose: Whose): NewSurvey {
  const answers = fields.map(({ key, kind }) => {
    const answer = filled.answers[key];
    if (kind === "integer") return [key, Number(answer)];
    if (kind === "choices") return [key, answer ?? []];
    return [key, answer === "" || answer === undefined ? null : answer];
  });
  return {
    ...Object.fromEntries(answers),
    patient_code: digits(filled.code),
    consent: filled.consent,
    ...(whose.patient ? { patient_id: whose.patient } : {}),
    ...(whose.lesion ? { lesion_id: whose.lesion } : {}),
    ...(whose.newPatient ? { new_patient: true } : {}),
  } as NewSurvey;
}

/** Toggle one of several answers; "none" and the others exclude each other. */
export function toggled(answer: Answer, key: string): string[] {
  const chosen = Array.isArray(answer) ? answer : [];
  if (chosen.includes(key)) return chosen.filter((each) => each !== key);
  if (key === "none") return ["none"];
  return [...chosen.filter((each) => each !== "none"), key];
}
