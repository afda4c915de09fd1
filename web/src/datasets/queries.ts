/** What a curator's pages of datasets read and ask for. */
import { queryOptions } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { Schemas } from "../api/contract";
import { listQuery } from "../api/lists";
import type { ConditionFields } from "./plan/fields";

export type Line = Schemas["DatasetLine"];
export type Dataset = Schemas["DatasetAnswer"];
export type Planned = Schemas["PlannedAnswer"];
export type Preview = Schemas["PreviewAnswer"];
export type Release = Schemas["ReleaseAnswer"];
export type ReleaseView = Schemas["ReleaseView"];
export type Requested = Schemas["RequestedAnswer"];
export type Grant = Schemas["GrantAnswer"];
export type Granted = Schemas["GrantedAnswer"];
export type Source = Schemas["ImportAnswer"];

const SOON_MS = 2_000;
/** Links to files live ten minutes. */
const LINKS_FRESH_MS = 8 * 60_000;
export const UNFINISHED: readonly string[] = ["requested", "building", "documenting"];

const pathOf = (code: string) => `/datasets/${encodeURIComponent(code)}`;

export const datasetsQuery = listQuery<Line>(["datasets", "all"], "/datasets");

export const fieldsQuery = queryOptions({
  queryKey: ["datasets", "fields"],
  queryFn: ({ signal }) => ask<ConditionFields>("/datasets/fields", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const sourcesQuery = listQuery<Source>(["datasets", "sources"], "/imports?limit=200");

export const datasetQuery = (code: string) =>
  queryOptions({
    queryKey: ["datasets", code],
    queryFn: ({ signal }) => ask<Dataset>(pathOf(code), { signal }),
  });

export const revisionQuery = (code: string, revision: number) =>
  queryOptions({
    queryKey: ["datasets", code, "revision", revision],
    queryFn: ({ signal }) => ask<Dataset>(`${pathOf(code)}?revision=${revision}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const previewQuery = (code: string) =>
  queryOptions({
    queryKey: ["datasets", code, "preview"],
    queryFn: ({ signal }) => ask<Preview>(`${pathOf(code)}/preview`, { signal }),
    refetchInterval: (query) => (query.state.data?.state === "computing" ? SOON_MS : false),
  });

export const releasesQuery = (code: string) =>
  listQuery<Release>(["datasets", code, "releases"], `${pathOf(code)}/releases`);

export const releaseQuery = (code: string, version: string) =>
  queryOptions({
    queryKey: ["datasets", code, "releases", version],
    queryFn: ({ signal }) =>
      ask<ReleaseView>(`${pathOf(code)}/releases/${encodeURIComponent(version)}`, { signal }),
    staleTime: LINKS_FRESH_MS,
    refetchInterval: (query) =>
      UNFINISHED.includes(query.state.data?.state ?? "") ? SOON_MS : false,
  });

export const grantsQuery = (code: string) =>
  listQuery<Grant>(["datasets", code, "grants"], `${pathOf(code)}/grants`);

export function createDataset(plan: object, idempotencyKey: string): Promise<Planned> {
  return ask<Planned>("/datasets", { method: "POST", body: plan, idempotencyKey });
}

export function changePlan(code: string, revision: number, plan: object): Promise<Planned> {
  return ask<Planned>(pathOf(code), { method: "PATCH", body: { revision, plan } });
}

export function askPreview(code: string): Promise<unknown> {
  return ask(`${pathOf(code)}/preview`, { method: "POST" });
}

export function requestRelease(
  code: string,
  change: string,
  version: string,
  idempotencyKey: string,
): Promise<Requested> {
  const body = { change, version };
  return ask<Requested>(`${pathOf(code)}/releases`, { method: "POST", body, idempotencyKey });
}

export function deprecate(
  code: string,
  version: string,
  reason: string,
  use: string | null,
): Promise<Release> {
  const path = `${pathOf(code)}/releases/${encodeURIComponent(version)}/deprecate`;
  return ask<Release>(path, { method: "POST", body: { reason, use } });
}

export function give(
  code: string,
  form: Schemas["GrantForm"],
  idempotencyKey: string,
): Promise<Granted> {
  return ask<Granted>(`${pathOf(code)}/grants`, { method: "POST", body: form, idempotencyKey });
}

export function revoke(code: string, grantId: string): Promise<void> {
  const path = `${pathOf(code)}/grants/${encodeURIComponent(grantId)}`;
  return ask<void>(path, { method: "DELETE" });
}
