/** The photographs of one mole as its owner looks at them. */
import type { Change, Size, TakenImage } from "../shapes";

/** By the day they were taken; those of no known day first, as they came. */
export function ownSeries(images: readonly TakenImage[]): TakenImage[] {
  return [...images].sort((a, b) => (a.taken_on ?? "").localeCompare(b.taken_on ?? ""));
}

export interface Measured {
  image_id: string;
  taken_on: string | null;
  mm: number;
  error: number;
}

/** Those whose size is known in millimetres: by a coin beside the mole. */
export function measured(images: readonly TakenImage[]): Measured[] {
  return images.flatMap(({ image_id, taken_on, size }) =>
    hasScale(size)
      ? [{ image_id, taken_on, mm: size.diameter_mm, error: Math.abs(size.error_mm ?? 0) }]
      : [],
  );
}

export function hasScale(size: Size | null): size is Size & { diameter_mm: number } {
  return typeof size?.diameter_mm === "number" && size.scale !== null;
}

/** What a change says: it grew, it did not, it cannot be told; or that there is nothing to compare. */
export function saysOf(change: Change | null): "grew" | "same" | "cannot" | "nothing" {
  if (!change) return "nothing";
  if (change.grew === null) return "cannot";
  return change.grew ? "grew" : "same";
}
