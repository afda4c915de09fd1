/** What the list of cases is narrowed to: kept in the address, so that it can be gone back to and sent on. */
import type { CaseState, Site } from "./shapes";

/** In the order of a case's way. */
export const STATES = [
  "waiting",
  "reading",
  "awaiting_senior",
  "arbitration",
  "agreed",
  "arbitrated",
  "disputed",
  "confirmed",
  "overridden",
] as const satisfies readonly CaseState[];

export const SITES = [
  "head_neck",
  "torso",
  "arms",
  "legs",
  "palms_soles",
  "genitals",
] as const satisfies readonly Site[];

/** Days in the present state, at least. */
export const WAITS = [1, 3, 7, 14, 30] as const;

export interface Filters {
  /** `no_reader`: the cases that nobody is left to read, the first thing that a curator looks for. */
  state: "no_reader" | (typeof STATES)[number];
  site: Site | null;
  gold: boolean;
  days: number | null;
}

export function filtersOf(address: URLSearchParams): Filters {
  return {
    state: STATES.find((each) => each === address.get("state")) ?? "no_reader",
    site: SITES.find((each) => each === address.get("site")) ?? null,
    gold: address.get("gold") === "yes",
    days: WAITS.find((each) => String(each) === address.get("days")) ?? null,
  };
}

/** The same filters as the address has them; nothing for what is not narrowed. */
export function addressOf({ state, site, gold, days }: Filters): string {
  const address = new URLSearchParams();
  if (state !== "no_reader") address.set("state", state);
  if (site) address.set("site", site);
  if (gold) address.set("gold", "yes");
  if (days !== null) address.set("days", String(days));
  return address.toString();
}

const DAY_MS = 86_400_000;

/** The query that asks the API for them; a day there is one of UTC. */
export function asked({ state, site, gold, days }: Filters, now = Date.now()): string {
  const query = new URLSearchParams();
  if (state !== "no_reader") query.set("state", state);
  if (site) query.set("site", site);
  if (gold) query.set("gold", "true");
  if (days !== null) {
    const before = new Date(now - (days - 1) * DAY_MS);
    query.set("since_before", before.toISOString().slice(0, 10));
  }
  return query.toString();
}

export function isNarrowed({ site, gold, days }: Filters): boolean {
  return site !== null || gold || days !== null;
}
