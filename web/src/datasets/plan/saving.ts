/** What an editor needs before a plan can be shown, and how plans go to the API and back. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { queryClient } from "../../api/queries";
import { askPreview, datasetQuery, fieldsQuery, previewQuery, sourcesQuery } from "../queries";
import { type ConditionField, draftOf, type Plan, type PlanDraft } from "./fields";

export interface Vocabulary {
  fields: ReadonlyMap<string, ConditionField>;
  /** Sources that can be ticked. */
  listed: ReadonlySet<string>;
}

/** What criteria may speak of, and the sources there are. */
export function usePlanVocabulary() {
  const fields = useQuery(fieldsQuery);
  const sources = useInfiniteQuery(sourcesQuery);
  const ready: Vocabulary | null =
    fields.data && sources.data
      ? {
          fields: new Map(fields.data.fields.map((each) => [each.key, each])),
          listed: new Set([
            "clinics",
            ...sources.data.pages.flatMap((page) => page.items.map((each) => each.import_id)),
          ]),
        }
      : null;
  return {
    ready,
    error: fields.error ?? sources.error,
    retry: () => Promise.all([fields.refetch(), sources.refetch()]),
  };
}

export function asDraft(plan: Plan, { listed, fields }: Vocabulary): PlanDraft {
  return draftOf(plan, listed, fields);
}

/** After a plan was saved: what it selects is asked for at once. */
export async function previewAnew(code: string): Promise<void> {
  // A preview that cannot be asked for now can be asked for by hand.
  await askPreview(code).catch(() => undefined);
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: datasetQuery(code).queryKey, exact: true }),
    queryClient.invalidateQueries({ queryKey: previewQuery(code).queryKey }),
    queryClient.invalidateQueries({ queryKey: ["datasets", "all"] }),
  ]);
}
