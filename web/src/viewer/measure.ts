/** How far two places of a picture are apart. */
import type { Point, Size } from "./points";

export interface Measured {
  pixels: number;
  /** Null where nobody knows how large the picture is. */
  millimetres: number | null;
}

/** `spacingMm` is the distance from one pixel of the picture to the next. */
export function measured(
  from: Point,
  to: Point,
  { width, height }: Size,
  spacingMm?: number | null,
): Measured {
  const pixels = Math.hypot((to[0] - from[0]) * width, (to[1] - from[1]) * height);
  const known = typeof spacingMm === "number" && Number.isFinite(spacingMm) && spacingMm > 0;
  return { pixels, millimetres: known ? pixels * spacingMm : null };
}
