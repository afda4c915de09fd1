/** What the reading room asks of the API. */
import { queryOptions } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { Listing, Schemas } from "../api/contract";
import { LINKS_FRESH_MS } from "../api/queries";

export type Arbitration = Schemas["ArbitrationAnswer"];
export type Assignment = Schemas["AssignmentAnswer"] | Arbitration;
export type Opinion = Schemas["Opinion"];
export type LesionClass = Schemas["LesionClass"];
export type Quality = Schemas["Quality"];
export type ReadingForm = Schemas["ReadingForm"];
export type Protocol = Schemas["OwnProtocol"];
export type OwnFigures = Schemas["OwnFiguresAnswer"];

/** While there is nothing to read, new images are looked for this often. */
export const LOOK_MS = 15_000;

export const handQuery = queryOptions({
  queryKey: ["assignments"],
  queryFn: ({ signal }) => ask<Listing<Assignment>>("/labelling/assignments?limit=200", { signal }),
  staleTime: LOOK_MS,
  refetchInterval: ({ state }) => (state.data?.items.length ? LINKS_FRESH_MS : LOOK_MS),
});

export const protocolQuery = queryOptions({
  queryKey: ["protocol"],
  queryFn: ({ signal }) => ask<Protocol>("/labelling/protocol", { signal }),
  // Its examples are links.
  staleTime: LINKS_FRESH_MS,
});

export const figuresQuery = queryOptions({
  queryKey: ["own figures"],
  queryFn: ({ signal }) => ask<OwnFigures>("/labelling/statistics", { signal }),
});

export function acceptProtocol(version: number): Promise<void> {
  return ask("/labelling/protocol/accept", { method: "POST", body: { version } });
}

export function sendReading(
  assignmentId: string,
  form: ReadingForm,
  idempotencyKey: string,
): Promise<Schemas["ReadingAnswer"]> {
  return ask(at(assignmentId, "reading"), { method: "POST", body: form, idempotencyKey });
}

export function takeBack(assignmentId: string): Promise<void> {
  return ask(at(assignmentId, "reading"), { method: "DELETE" });
}

export function decline(assignmentId: string, reason: string): Promise<void> {
  return ask(at(assignmentId, "decline"), { method: "POST", body: { reason } });
}

export function renew(assignmentId: string): Promise<Schemas["LeaseAnswer"]> {
  return ask(at(assignmentId, "renew"), { method: "POST" });
}

function at(assignmentId: string, what: string): string {
  return `/labelling/assignments/${encodeURIComponent(assignmentId)}/${what}`;
}
