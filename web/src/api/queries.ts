/** What pages read, each under one key, so that it is asked once and kept. */
import { QueryClient, queryOptions } from "@tanstack/react-query";
import { configuration, onLeaving } from "../session/session";
import { ask } from "./client";
import type { Account, Image, Patient, PatientSummary, Vocabularies } from "./contract";
import { Refusal } from "./errors";
import { askPublicly } from "./http";
import { listQuery } from "./lists";

const MINUTE = 60_000;
/** Links to images live ten minutes. */
export const LINKS_FRESH_MS = 8 * MINUTE;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always",
      refetchOnReconnect: true,
      refetchOnWindowFocus: false,
      staleTime: 15_000,
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof Refusal) || error.status >= 500),
    },
    mutations: { networkMode: "always" },
  },
});

onLeaving(() => queryClient.clear());

export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: configuration,
  staleTime: Number.POSITIVE_INFINITY,
});

export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ signal }) => ask<Account>("/account", { signal }),
  staleTime: 5 * MINUTE,
});

export const vocabulariesQuery = queryOptions({
  queryKey: ["vocabularies"],
  queryFn: ({ signal }) => askPublicly<Vocabularies>("/vocabularies", signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const patientsQuery = listQuery<PatientSummary>(["patients"], "/patients");

export const patientQuery = (patientId: string) =>
  queryOptions({
    queryKey: ["patient", patientId],
    queryFn: ({ signal }) => ask<Patient>(`/patients/${encodeURIComponent(patientId)}`, { signal }),
  });

export const imageQuery = (imageId: string) =>
  queryOptions({
    queryKey: ["image", imageId],
    queryFn: ({ signal }) => ask<Image>(`/images/${encodeURIComponent(imageId)}`, { signal }),
    staleTime: LINKS_FRESH_MS,
  });
