/** Smooth closed lines through few points: what is drawn, and what a point is tried against. */

/** Corners are marked by a third number: there the line may turn at once. */
export type Knot = readonly [x: number, y: number, corner?: 1];
export type Point = readonly [x: number, y: number];

interface Segment {
  from: Point;
  leaving: Point;
  arriving: Point;
  to: Point;
}

/**
 * Tangents are parallel to the chord between the neighbours, handles a third of their own segment:
 * so that knots may stand near and far from each other without loops.
 */
function segments(knots: readonly Knot[], closed: boolean): Segment[] {
  const count = knots.length;
  const at = (index: number): Knot => knots[(index + count) % count] ?? [0, 0];
  const ends = (index: number) => !closed && (index === 0 || index === count - 1);
  const direction = (index: number): Point => {
    const [bx, by] = at(index - 1);
    const [ax, ay] = at(index + 1);
    if (at(index)[2] || ends(index)) return [0, 0];
    const length = Math.hypot(ax - bx, ay - by) || 1;
    return [(ax - bx) / length, (ay - by) / length];
  };
  return Array.from({ length: closed ? count : count - 1 }, (_, index) => {
    const [fx, fy] = at(index);
    const [tx, ty] = at(index + 1);
    const third = Math.hypot(tx - fx, ty - fy) / 3;
    const [lx, ly] = direction(index);
    const [rx, ry] = direction(index + 1);
    return {
      from: [fx, fy],
      leaving: [fx + lx * third, fy + ly * third],
      arriving: [tx - rx * third, ty - ry * third],
      to: [tx, ty],
    };
  });
}

/** The line as SVG writes it. */
export function pathOf(knots: readonly Knot[], closed = true): string {
  const parts = segments(knots, closed);
  const first = parts[0];
  if (!first) return "";
  const curves = parts.map(
    ({ leaving, arriving, to }) => `C${written(leaving)} ${written(arriving)} ${written(to)}`,
  );
  return `M${written(first.from)}${curves.join("")}${closed ? "Z" : ""}`;
}

function written([x, y]: Point): string {
  return `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`;
}

const STEPS = 8;

/** The closed line as a polygon close enough to it for a finger. */
export function polygonOf(knots: readonly Knot[]): Point[] {
  return segments(knots, true).flatMap((segment) =>
    Array.from({ length: STEPS }, (_, step) => pointOn(segment, step / STEPS)),
  );
}

function pointOn({ from, leaving, arriving, to }: Segment, t: number): Point {
  const u = 1 - t;
  const along = (axis: 0 | 1) =>
    u * u * u * from[axis] +
    3 * u * u * t * leaving[axis] +
    3 * u * t * t * arriving[axis] +
    t * t * t * to[axis];
  return [along(0), along(1)];
}

/** Whether a point is inside a polygon (even–odd rule). */
export function isInside(polygon: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  polygon.forEach(([ax, ay], index) => {
    const [bx, by] = polygon[(index + polygon.length - 1) % polygon.length] ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

/** The right half of a symmetric line around `centre`, given by distances from it, and its mirror image. */
export function mirrored(half: readonly Knot[], centre: number): Knot[] {
  const right = half.map(([dx, y, corner]): Knot => [centre + dx, y, corner]);
  const left = half
    .filter(([dx]) => dx !== 0)
    .map(([dx, y, corner]): Knot => [centre - dx, y, corner])
    .reverse();
  return [...right, ...left];
}

/** The same line elsewhere: shifted, and turned over where the factors are negative. */
export function placed(knots: readonly Knot[], [dx, dy]: Point, [sx, sy]: Point = [1, 1]): Knot[] {
  return knots.map(([x, y, corner]): Knot => [dx + x * sx, dy + y * sy, corner]);
}
