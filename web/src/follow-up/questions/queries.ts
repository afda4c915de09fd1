/** Questions of the clinic's patients, and the answers to begin from. */
import { queryOptions } from "@tanstack/react-query";
import { ask } from "../../api/client";
import type { Labels, Listing } from "../../api/contract";
import { listQuery } from "../../ui/listed";

export const URGENCIES = ["urgent", "soon", "next_visit", "watch"] as const;
export type Urgency = (typeof URGENCIES)[number];
export type QuestionState = "open" | "answered";
export type FirstAdvice = "see_doctor_soon" | "cannot_tell" | "show_at_next_visit";
export type Said = "yes" | "no" | "unknown";

export interface Brief {
  question_id: string;
  patient_id: string;
  lesion_id: string;
  site: string;
  asked_at: string;
  answer_by: string;
  overdue: boolean;
  opinion: FirstAdvice;
  state: QuestionState;
}

interface Grown {
  diameter_mm: number;
  error_mm: number;
  grew: boolean | null;
}

export interface Question extends Omit<Brief, "opinion"> {
  image_ids: string[];
  answers: Record<string, Said>;
  text: string | null;
  measured: {
    last: { diameter_mm: number | null; error_mm: number | null; scale: string | null } | null;
    since_first: Grown | null;
    since_last: Grown | null;
  } | null;
  opinion: {
    advice: FirstAdvice;
    reasons: { key: string; text: Labels }[];
    rules: string;
  };
  advice: { urgency: Urgency; text: string; answered_at: string; read_at: string | null } | null;
}

export interface Template {
  key: string;
  urgency: Urgency;
  title: Labels;
  text: Labels;
}

export const questionsQuery = (state: QuestionState) =>
  listQuery<Brief>(["questions", state], `/questions?state=${state}`);

export const questionQuery = (id: string) =>
  queryOptions({
    queryKey: ["question", id],
    queryFn: ({ signal }) => ask<Question>(`/questions/${encodeURIComponent(id)}`, { signal }),
  });

export const templatesQuery = queryOptions({
  queryKey: ["advice-templates"],
  queryFn: async ({ signal }) =>
    (await ask<Listing<Template>>("/questions/templates", { signal })).items,
  staleTime: Number.POSITIVE_INFINITY,
});
