/** What the pages of a lesion over time read. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { Schemas } from "../api/contract";
import { listQuery } from "../api/lists";

export type Timeline = Schemas["TimelineAnswer"];
export type TimelineImage = Timeline["images"][number];
export type Change = NonNullable<Timeline["visits"][number]["since_first"]>;
export type Histology = Schemas["HistologyAnswer"];
export type LesionHistology = Schemas["LesionHistology"];
export type Report = Schemas["ReportAnswer"];
export type Waiting = Schemas["WaitingAnswer"];

export const timelineQuery = (lesionId: string) =>
  queryOptions({
    queryKey: ["timeline", lesionId],
    queryFn: ({ signal }) =>
      ask<Timeline>(`/lesions/${encodeURIComponent(lesionId)}/timeline`, { signal }),
  });

export const histologyQuery = (lesionId: string) =>
  queryOptions({
    queryKey: ["histology", lesionId],
    queryFn: ({ signal }) =>
      ask<LesionHistology>(`/lesions/${encodeURIComponent(lesionId)}/histology`, { signal }),
  });

export const histologyDueQuery = listQuery<Waiting>(
  ["histology", "due", "listed"],
  "/histology/due",
);

/** After a change of its histology everything that is told of a lesion may be another. */
export async function histologyChanged(kept: QueryClient, lesionId: string): Promise<void> {
  await Promise.all(
    [["histology"], ["timeline", lesionId], ["patient"]].map((queryKey) =>
      kept.invalidateQueries({ queryKey }),
    ),
  );
  void kept.invalidateQueries({ queryKey: ["image"] });
}
