/** Questions of the clinic's patients, and the answers to begin from. */
import { queryOptions } from "@tanstack/react-query";
import { ask } from "../../api/client";
import type { Schemas } from "../../api/contract";
import { listQuery } from "../../api/lists";

export const URGENCIES = ["urgent", "soon", "next_visit", "watch"] as const;

export type Brief = Schemas["QuestionBrief"];
export type Question = Schemas["QuestionAnswer"];
export type Advice = NonNullable<Question["advice"]>;
export type Correction = Question["history"][number];
export type Template = Schemas["TemplateAnswer"];
export type QuestionState = Brief["state"];
export type Said = Question["answers"][string];

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
    (await ask<Schemas["Templates"]>("/questions/templates", { signal })).items,
  staleTime: Number.POSITIVE_INFINITY,
});
