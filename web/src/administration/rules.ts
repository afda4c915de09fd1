/** What is asked of the API for a new account. */
import type { Role } from "../api/contract";
import type { AccountForm } from "./shapes";

/** A patient's account is opened by himself, with his doctor's code. */
export const OPENED_BY_HAND = [
  "doctor",
  "expert",
  "senior_expert",
  "curator",
  "vendor",
  "admin",
] as const satisfies readonly Role[];

export interface Values {
  login: string;
  role: (typeof OPENED_BY_HAND)[number];
  clinic_id: string;
  qualified_since: string;
}

export function wanted({ login, role, clinic_id, qualified_since }: Values): AccountForm {
  return {
    login: login.trim(),
    role,
    ...(clinic_id && role !== "vendor" && { clinic_id }),
    ...(qualified_since.trim() && { qualified_since: Number(qualified_since) }),
  };
}
