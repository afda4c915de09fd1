/** What became of an import's images: how many stand how, and why some were not accepted. */
import type { ImportedImage } from "./shapes";

export interface Outcomes {
  byState: [ImportedImage["state"], number][];
  underWay: number;
  /** By reason, the most frequent first. */
  refused: { problem: string; message: string; images: string[] }[];
}

const UNDER_WAY: ReadonlySet<string> = new Set(["awaiting_upload", "received"]);

export function outcomesOf(images: readonly ImportedImage[]): Outcomes {
  const byState = new Map<ImportedImage["state"], number>();
  const refused = new Map<string, Outcomes["refused"][number]>();
  for (const { image_id, state, problem, message } of images) {
    byState.set(state, (byState.get(state) ?? 0) + 1);
    if (!problem) continue;
    const known = refused.get(problem) ?? { problem, message: message ?? problem, images: [] };
    known.images.push(image_id);
    refused.set(problem, known);
  }
  return {
    byState: [...byState].sort(([, a], [, b]) => b - a),
    underWay: images.filter(({ state }) => UNDER_WAY.has(state)).length,
    refused: [...refused.values()].sort((a, b) => b.images.length - a.images.length),
  };
}
