/** What the public pages of the registry read. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
} from "@tanstack/react-query";
import { ask } from "../../api/client";
import { askPublicly } from "../../api/http";
import type { Download, EntryPage, Registry } from "./shapes";

/** Names of the API's filters, which are those of the page's address too. */
export const FILTERS = [
  "q",
  "purpose",
  "access",
  "class",
  "verification",
  "licence",
  "unit",
  "state",
  "modality",
  "target",
] as const;
export type Filter = (typeof FILTERS)[number];

/** The filters that are set, in one order, so that the same search is the same query. */
export function filtersIn(address: URLSearchParams): URLSearchParams {
  const set = new URLSearchParams();
  for (const name of FILTERS) {
    const value = address.get(name)?.trim();
    if (value) set.set(name, value);
  }
  return set;
}

export const registryQuery = (filters: URLSearchParams) =>
  infiniteQueryOptions<Registry, Error, InfiniteData<Registry, string>, QueryKey, string>({
    queryKey: ["registry", filters.toString()],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams(filters);
      query.set("limit", "50");
      if (pageParam) query.set("cursor", pageParam);
      return askPublicly<Registry>(`/registry?${query}`, signal);
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });

export const entryQuery = (code: string) =>
  queryOptions({
    queryKey: ["registry", "entry", code],
    queryFn: ({ signal }) =>
      askPublicly<EntryPage>(`/registry/${encodeURIComponent(code)}`, signal),
  });

/** Links to files of a version, a page at a time; `grant` where the set is given out by agreement. */
export function download(wanted: {
  code: string;
  version: string;
  grant?: string;
  cursor?: string;
}): Promise<Download> {
  return ask<Download>("/downloads", { method: "POST", body: wanted });
}
