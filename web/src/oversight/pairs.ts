/** Pairs of pictures that look like one photograph: what they are asked by, and their two sides. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { ask } from "../api/client";
import { LINKS_FRESH_MS } from "../api/queries";
import type { Decision, Duplicate, DuplicatesPage } from "./shapes";

export const RELATIONS = ["another_patient", "same_patient", "same_lesion"] as const;
export type Relation = (typeof RELATIONS)[number];

export interface Wanted {
  state: "open" | "settled";
  relation: Relation | null;
}

export function wantedOf(address: URLSearchParams): Wanted {
  return {
    state: address.get("state") === "settled" ? "settled" : "open",
    relation: RELATIONS.find((each) => each === address.get("relation")) ?? null,
  };
}

export function addressOfWanted({ state, relation }: Wanted): URLSearchParams {
  const address = new URLSearchParams();
  if (state === "settled") address.set("state", state);
  if (relation) address.set("relation", relation);
  return address;
}

const PAGE = 20;

export const pairsQuery = ({ state, relation }: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["duplicates", state, relation],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ state, limit: String(PAGE) });
      if (relation) query.set("relation", relation);
      if (pageParam) query.set("cursor", pageParam);
      return ask<DuplicatesPage>(`/duplicates?${query}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    // What was decided stays where it is until the curator comes back to the list.
    staleTime: LINKS_FRESH_MS,
    gcTime: 0,
  });

export const pairQuery = (pairId: string) =>
  queryOptions({
    queryKey: ["duplicate", pairId],
    queryFn: ({ signal }) =>
      ask<Duplicate>(`/duplicates/${encodeURIComponent(pairId)}`, { signal }),
    staleTime: LINKS_FRESH_MS,
  });

export function decide(pairId: string, decision: Decision, reason: string): Promise<Duplicate> {
  const body = { decision, ...(reason.trim() && { reason: reason.trim() }) };
  return ask<Duplicate>(`/duplicates/${encodeURIComponent(pairId)}`, { method: "POST", body });
}

export type Shown = Duplicate["pictures"][number]["images"][number];

export interface Side {
  /** The image that is looked at. */
  shown: Shown | null;
  /** How many others show the same picture. */
  others: number;
}

/** Two sides always: where one picture has several images, the first and the second of them. */
export function sidesOf(pair: Duplicate): [Side, Side] {
  const [one, other] = pair.pictures;
  const images = one?.images ?? [];
  const hidden = one?.more ?? 0;
  if (other) {
    return [
      { shown: images[0] ?? null, others: Math.max(images.length - 1, 0) + hidden },
      { shown: other.images[0] ?? null, others: Math.max(other.images.length - 1, 0) + other.more },
    ];
  }
  return [
    { shown: images[0] ?? null, others: 0 },
    { shown: images[1] ?? null, others: Math.max(images.length - 2, 0) + hidden },
  ];
}
