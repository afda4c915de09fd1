/** What waits for a doctor: histology that is due, patients' questions without advice. */
import { useQuery } from "@tanstack/react-query";
import { dueQuery, openQuestionsQuery, type Question, type Waiting } from "./queries";

export interface Waits {
  histology: Waiting[];
  questions: Question[];
}

const NOTHING: Waits = { histology: [], questions: [] };

/** By the patient; a list that cannot be had is taken for empty, since it is told elsewhere too. */
export function useWaits(): (patientId: string) => Waits {
  const due = useQuery(dueQuery).data?.items;
  const questions = useQuery(openQuestionsQuery).data?.items;
  const found = byPatient(due ?? [], questions ?? []);
  return (patientId) => found.get(patientId) ?? NOTHING;
}

export function byPatient(
  due: readonly Waiting[],
  questions: readonly Question[],
): Map<string, Waits> {
  const found = new Map<string, Waits>();
  const of = (patientId: string) => {
    const waits = found.get(patientId) ?? { histology: [], questions: [] };
    found.set(patientId, waits);
    return waits;
  };
  for (const each of due) of(each.patient_id).histology.push(each);
  for (const each of questions) of(each.patient_id).questions.push(each);
  return found;
}
