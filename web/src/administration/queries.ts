/** What the administrator's pages read. */
import { queryOptions } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { Listing } from "../api/contract";
import { listQuery } from "../api/lists";
import type {
  AccountDetail,
  AccountLine,
  AuditRecord,
  Chain,
  Clinic,
  DeadQueue,
  Models,
  Webhook,
  WebhookView,
} from "./shapes";

export const accountsQuery = (search: string) =>
  listQuery<AccountLine>(["accounts", search], `/accounts${search && `?${search}`}`);

/** Whose ids these are: as many accounts as one page of the API has. */
export const loginsQuery = queryOptions({
  queryKey: ["accounts", "logins"],
  queryFn: ({ signal }) => ask<Listing<AccountLine>>("/accounts?limit=200", { signal }),
  staleTime: 60_000,
});

export const accountDetailQuery = (accountId: string) =>
  queryOptions({
    queryKey: ["accounts", "one", accountId],
    queryFn: ({ signal }) =>
      ask<AccountDetail>(`/accounts/${encodeURIComponent(accountId)}`, { signal }),
  });

export const clinicsQuery = listQuery<Clinic>(["clinics"], "/clinics");

/** All clinics at once, for a choice among them; as many as one page of the API has. */
export const clinicChoiceQuery = queryOptions({
  queryKey: ["clinics", "choice"],
  queryFn: ({ signal }) => ask<Listing<Clinic>>("/clinics?limit=200", { signal }),
});

export const auditQuery = (search: string) =>
  listQuery<AuditRecord>(["audit", search], `/audit${search && `?${search}`}`);

export const chainQuery = queryOptions({
  queryKey: ["audit", "chain"],
  queryFn: ({ signal }) => ask<Chain>("/audit/chain", { signal }),
});

const WHILE_REREADING_MS = 5_000;

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => ask<Models>("/models", { signal }),
  refetchInterval: ({ state }) =>
    state.data?.rereading && !state.data.rereading.finished_at ? WHILE_REREADING_MS : false,
});

export const deadLettersQuery = queryOptions({
  queryKey: ["dead-letters"],
  queryFn: ({ signal }) => ask<Listing<DeadQueue>>("/dead-letters", { signal }),
});

export const webhooksQuery = listQuery<Webhook>(["webhooks"], "/webhooks");

export const webhookQuery = (webhookId: string) =>
  queryOptions({
    queryKey: ["webhooks", "one", webhookId],
    queryFn: ({ signal }) =>
      ask<WebhookView>(`/webhooks/${encodeURIComponent(webhookId)}`, { signal }),
  });
