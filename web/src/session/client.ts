/**
 * Which of the pool's two clients speaks for a session. At a patient's own pages one signs in by the
 * patients' client, whose sessions last for months and are for patients alone; elsewhere by the staff's,
 * whose last a working day. A session goes on by the client it began with, wherever its owner goes.
 */
import type { Config } from "../api/contract";

const PATIENTS_PAGES = /^\/(me|open)(\/|$)/;

/** Whether the page at this path is one of the patient's own. */
export function isPatientsPage(path: string): boolean {
  return PATIENTS_PAGES.test(path);
}

/** The client's id at `path` for a session that was begun by the client `held`, or not begun yet. */
export function clientOf(auth: Config["auth"], path: string, held: string | null): string {
  // Tokens may be left of a pool that is no more.
  if (held === auth.client_id || held === auth.patient_client_id) return held;
  return isPatientsPage(path) ? auth.patient_client_id : auth.client_id;
}
