/** The sections of each role's work, in the order of the menu. */
import type { Role } from "../api/contract";
import type { Words } from "../language/ru";

export interface Section {
  to: string;
  name: keyof Words["sections"];
  /** Current on this very address alone, and not on those below it. */
  end?: boolean;
}

const READER: readonly Section[] = [
  { to: "/readings", name: "readings", end: true },
  { to: "/readings/figures", name: "own" },
  { to: "/readings/protocol", name: "protocol" },
];

export const SECTIONS: Record<Role, readonly Section[]> = {
  doctor: [
    { to: "/patients", name: "patients" },
    { to: "/cases/new", name: "newCase" },
    { to: "/referrals", name: "referrals" },
    { to: "/questions", name: "questions" },
    { to: "/histology", name: "histologyDue" },
  ],
  expert: READER,
  senior_expert: READER,
  curator: [
    { to: "/overview", name: "today" },
    { to: "/cases", name: "cases" },
    { to: "/experts", name: "experts" },
    { to: "/duplicates", name: "duplicates" },
    { to: "/looks", name: "looks" },
    { to: "/imports", name: "imports" },
    { to: "/datasets", name: "datasets" },
    { to: "/tests", name: "tests" },
  ],
  vendor: [
    { to: "/tests", name: "tests" },
    { to: "/algorithms", name: "algorithms" },
    { to: "/registry", name: "registry" },
  ],
  admin: [
    { to: "/accounts", name: "accounts" },
    { to: "/clinics", name: "clinics" },
    { to: "/audit", name: "audit" },
    { to: "/models", name: "models" },
    { to: "/dead-letters", name: "deadLetters" },
    { to: "/webhooks", name: "webhooks" },
  ],
  patient: [
    { to: "/me", name: "moles", end: true },
    { to: "/me/questions", name: "ownQuestions" },
    { to: "/me/own", name: "ownData" },
  ],
};

/** Where each role arrives. */
export const FIRST: Record<Role, string> = {
  doctor: "/patients",
  expert: "/readings",
  senior_expert: "/readings",
  curator: "/overview",
  vendor: "/tests",
  admin: "/accounts",
  patient: "/me",
};
