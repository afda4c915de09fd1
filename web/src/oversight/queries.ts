/** What the curator's pages read. */
import { queryOptions } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { Listing } from "../api/contract";
import { listQuery } from "../api/lists";
import { LINKS_FRESH_MS } from "../api/queries";
import type {
  Agreement,
  Case,
  CaseBrief,
  DatasetLine,
  Gold,
  Import,
  ImportedImage,
  Overview,
  Protocol,
  Reader,
} from "./shapes";

const MINUTE = 60_000;

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => ask<Overview>("/overview", { signal }),
  refetchInterval: MINUTE,
});

export const agreementQuery = queryOptions({
  queryKey: ["agreement"],
  queryFn: ({ signal }) => ask<Agreement>("/labelling/agreement", { signal }),
  refetchInterval: 2 * MINUTE,
});

/** `wanted` is the query of the address, as `filters.ts` makes it. */
export const casesQuery = (wanted: string) =>
  listQuery<CaseBrief>(["cases", wanted], `/labelling/cases${wanted && `?${wanted}`}`);

export const caseQuery = (imageId: string) =>
  queryOptions({
    queryKey: ["case", imageId],
    queryFn: ({ signal }) =>
      ask<Case>(`/labelling/cases/${encodeURIComponent(imageId)}`, { signal }),
  });

export const goldQuery = listQuery<Gold>(["cases", "gold"], "/labelling/gold");

export const readersQuery = queryOptions({
  queryKey: ["readers"],
  queryFn: ({ signal }) => ask<Listing<Reader>>("/labelling/readers", { signal }),
  staleTime: MINUTE,
});

export const protocolsQuery = queryOptions({
  queryKey: ["protocols"],
  queryFn: ({ signal }) => ask<Listing<Protocol>>("/labelling/protocols", { signal }),
  staleTime: MINUTE,
});

/** Datasets whose preview may have images that nobody has looked at. */
export const plannedSetsQuery = listQuery<DatasetLine>(["looks", "datasets"], "/datasets");

export const importsQuery = listQuery<Import>(["imports"], "/imports");

export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: ["import", importId],
    queryFn: ({ signal }) => ask<Import>(`/imports/${encodeURIComponent(importId)}`, { signal }),
    staleTime: LINKS_FRESH_MS,
  });

export const importedImagesQuery = (importId: string) =>
  listQuery<ImportedImage>(
    ["import", importId, "images"],
    `/imports/${encodeURIComponent(importId)}/images?limit=200`,
  );
