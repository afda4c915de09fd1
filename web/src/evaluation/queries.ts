/** What the pages of algorithms and their tests read and ask for. */
import { queryOptions } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { Listing, Schemas } from "../api/contract";
import { listQuery } from "../api/lists";

export type Algorithm = Schemas["AlgorithmAnswer"];
export type Evaluation = Schemas["EvaluationAnswer"];
export type EvaluationView = Schemas["EvaluationView"];
export type Test = Schemas["Test"];
export type Unit = Schemas["ListedUnitAnswer"];
export type HiddenSet = Schemas["EntryAnswer"];

export const TESTS: readonly Test[] = ["FT-I", "FT-II", "KlT-I", "KlT-II"];
/** How many tests a developer may begin in a calendar month, by UTC. */
export const RUNS_A_MONTH = 10;
/** Units of a test, at most; so of a results file. */
export const MOST_UNITS = 500;

const SOON_MS = 2_000;
const NOW_AND_THEN_MS = 10_000;
/** Links to documents live ten minutes. */
const LINKS_FRESH_MS = 8 * 60_000;

const pathOf = (id: string) => `/evaluations/${encodeURIComponent(id)}`;

export const algorithmsQuery = listQuery<Algorithm>(["algorithms", "all"], "/algorithms?limit=100");

export const algorithmQuery = (id: string) =>
  queryOptions({
    queryKey: ["algorithms", id],
    queryFn: ({ signal }) => ask<Algorithm>(`/algorithms/${encodeURIComponent(id)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Tests, those on one set or of one algorithm alone where it is named. */
export const testsQuery = (of: { dataset?: string; algorithm_id?: string } = {}) => {
  const query = new URLSearchParams(
    Object.entries(of).filter((each): each is [string, string] => Boolean(each[1])),
  );
  const path = query.size > 0 ? `/evaluations?${query}` : "/evaluations";
  return listQuery<Evaluation>(["evaluations", "list", query.toString()], path);
};

export const testQuery = (id: string) =>
  queryOptions({
    queryKey: ["evaluations", id],
    queryFn: ({ signal }) => ask<EvaluationView>(pathOf(id), { signal }),
    staleTime: LINKS_FRESH_MS,
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === "computing" ? SOON_MS : state === "open" ? NOW_AND_THEN_MS : false;
    },
  });

/** Hidden sets of the registry, which tests are taken on. */
export const hiddenSetsQuery = listQuery<HiddenSet>(
  ["registry", "hidden"],
  "/registry?access=hidden&state=published&limit=200",
);

export function register(form: object, idempotencyKey: string): Promise<Algorithm> {
  return ask<Algorithm>("/algorithms", { method: "POST", body: form, idempotencyKey });
}

export function begin(
  wanted: Schemas["EvaluationForm"],
  idempotencyKey: string,
): Promise<Schemas["BegunAnswer"]> {
  return ask("/evaluations", { method: "POST", body: wanted, idempotencyKey });
}

/** Every unit of a test; from the first page on no time is measured. */
export async function allUnits(id: string): Promise<Unit[]> {
  const units: Unit[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page: Listing<Unit> = await ask<Listing<Unit>>(`${pathOf(id)}/units?limit=200${query}`);
    units.push(...page.items);
    cursor = page.next;
  }
  return units;
}

export function sendResults(id: string, results: readonly unknown[]): Promise<unknown> {
  return ask(`${pathOf(id)}/results-file`, { method: "POST", body: { results } });
}

export function rerun(id: string): Promise<Evaluation> {
  return ask<Evaluation>(`${pathOf(id)}/rerun`, { method: "POST" });
}
