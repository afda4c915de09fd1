/** Places in a picture, in parts of its width and height, so that they hold at any size of it. */

export type Point = readonly [number, number];

export interface Size {
  width: number;
  height: number;
}

/** What the API takes of one outline. */
export const MOST_POINTS = 256;
const PLACES = 10_000;

/** A place inside the picture, as fine as any screen shows it. */
export function within([x, y]: Point): Point {
  return [bounded(x), bounded(y)];
}

/** The same outline by no more than `most` of its points, evenly taken. */
export function thinned(points: readonly Point[], most = MOST_POINTS): Point[] {
  if (points.length <= most) return [...points];
  return Array.from({ length: most }, (_, place) => {
    return points[Math.floor((place * points.length) / most)] as Point;
  });
}

/** Whether an outline encloses anything: three different points at least. */
export function encloses(points: readonly Point[]): boolean {
  return new Set(points.map(String)).size >= 3;
}

export function samePoints(
  one: readonly (readonly number[])[] | null | undefined,
  other: readonly (readonly number[])[] | null | undefined,
): boolean {
  return String(one ?? "") === String(other ?? "");
}

function bounded(part: number): number {
  if (!Number.isFinite(part)) return 0;
  return Math.round(Math.min(Math.max(part, 0), 1) * PLACES) / PLACES;
}

/**
 * A hand's stroke by the points that make its shape: none of those left out is farther than
 * `tolerance` from the line (Douglas and Peucker 1973).
 */
export function simplified(points: readonly Point[], tolerance = 0.002): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 3) return [...points];
  let [farthest, far] = [0, tolerance];
  for (let place = 1; place < points.length - 1; place += 1) {
    const off = offLine(points[place] as Point, first, last);
    if (off > far) [farthest, far] = [place, off];
  }
  if (farthest === 0) return [first, last];
  const before = simplified(points.slice(0, farthest + 1), tolerance);
  return [...before.slice(0, -1), ...simplified(points.slice(farthest), tolerance)];
}

function offLine([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return Math.hypot(x - x1, y - y1);
  return Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
}
