/** The sections of each role's work, in the order of the menu; the first one is its first page. */
import type { Role } from "../api/contract";
import type { Words } from "../language/ru";

export interface Section {
  to: string;
  name: keyof Words["sections"];
}

const READER: readonly Section[] = [{ to: "/readings", name: "readings" }];

export const SECTIONS: Record<Role, readonly Section[]> = {
  doctor: [
    { to: "/patients", name: "patients" },
    { to: "/cases/new", name: "newCase" },
  ],
  expert: READER,
  senior_expert: READER,
  curator: [],
  vendor: [],
  admin: [],
  patient: [
    { to: "/me", name: "moles" },
    { to: "/me/questions", name: "ownQuestions" },
    { to: "/me/own", name: "ownData" },
  ],
};
