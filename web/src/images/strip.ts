/** The images of one lesion in a row, the newest first, from what several answers know of them. */
import type { Schemas } from "../api/contract";

export interface InStrip {
  imageId: string;
  day: string;
  kind: string;
  state: string;
  thumbnail: string | null;
  label: string | null;
  /** What the model took it for; null where it abstained. */
  opinion: string | null;
}

type Latest = Schemas["LatestImage"];
type Timed = Schemas["TimelineAnswer"]["images"][number];

/** `latest` has every image, `timed` those with a clean picture: links come from there. */
export function inStrip(latest: readonly Latest[], timed: readonly Timed[]): InStrip[] {
  const found = new Map<string, InStrip>();
  for (const each of timed) {
    found.set(each.image_id, {
      imageId: each.image_id,
      day: each.day,
      kind: each.kind,
      state: each.state,
      thumbnail: each.urls.thumbnail,
      label: diagnosisOf(each.label),
      opinion: each.opinion?.abstained ? null : (each.opinion?.top ?? null),
    });
  }
  for (const each of latest) {
    const before = found.get(each.image_id);
    found.set(each.image_id, {
      imageId: each.image_id,
      day: each.taken_on ?? each.created_at,
      kind: each.kind,
      state: each.state,
      thumbnail: before?.thumbnail ?? null,
      label: diagnosisOf(each.label),
      opinion: each.top === "unknown" ? null : each.top,
    });
  }
  return [...found.values()].sort((one, other) => other.day.localeCompare(one.day));
}

function diagnosisOf(label: Readonly<Record<string, unknown>> | null): string | null {
  return typeof label?.diagnosis === "string" ? label.diagnosis : null;
}

const WATCHED_MS = 2 * 60_000;

/** Whether something will soon come of one of them: a file that never came is not waited for. */
export function soonMore(latest: readonly Latest[], now: number): boolean {
  return latest.some(
    ({ state, created_at: created }) =>
      (state === "awaiting_upload" || state === "received") &&
      now - Date.parse(created) < WATCHED_MS,
  );
}
