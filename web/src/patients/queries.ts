/** What the pages of patients read beyond the patients themselves. */
import { queryOptions } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { Listing, Schemas } from "../api/contract";
import { listQuery } from "../api/lists";

export type Referral = Schemas["ReferralAnswer"];
export type ReferralClinic = Schemas["ReferralClinic"];
export type Treatment = Schemas["TreatmentAnswer"];
export type Waiting = Schemas["WaitingAnswer"];
export type Question = Schemas["QuestionBrief"];
export type Direction = Schemas["Direction"];

const MINUTE = 60_000;
/** The most urgent come first, so that what is beyond can wait. */
const MANY = 200;

export const dueQuery = queryOptions({
  queryKey: ["histology", "due"],
  queryFn: ({ signal }) => ask<Listing<Waiting>>(`/histology/due?limit=${MANY}`, { signal }),
  staleTime: MINUTE,
});

export const openQuestionsQuery = queryOptions({
  queryKey: ["questions", "open", "brief"],
  queryFn: ({ signal }) =>
    ask<Listing<Question>>(`/questions?state=open&limit=${MANY}`, { signal }),
  staleTime: MINUTE,
});

export const clinicsQuery = queryOptions({
  queryKey: ["referrals", "clinics"],
  queryFn: ({ signal }) =>
    ask<Listing<ReferralClinic>>(`/referrals/clinics?limit=${MANY}`, { signal }),
  staleTime: 10 * MINUTE,
});

export const referralsQuery = (direction: Direction) =>
  listQuery<Referral>(["referrals", direction], `/referrals?direction=${direction}`);

export const treatmentsQuery = (lesionId: string) =>
  queryOptions({
    queryKey: ["treatments", lesionId],
    queryFn: ({ signal }) =>
      ask<Listing<Treatment>>(`/lesions/${encodeURIComponent(lesionId)}/treatments?limit=${MANY}`, {
        signal,
      }),
  });
