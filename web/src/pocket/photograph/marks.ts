/**
 * The circles that a person draws round a mole and round a coin. All numbers are fractions of the
 * photograph's width, also those that count from its top.
 */

export interface Circle {
  x: number;
  y: number;
  diameter: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Height by width. */
export type Aspect = number;

const SMALLEST = 0.01;
/** One press of a key. */
export const STEP = 0.01;
const GROWTH = 1.08;

/** Where a circle is before it has been moved: where the camera's guide asks for the mole and the coin. */
export function firstCircle(what: "mole" | "coin", aspect: Aspect): Circle {
  const middle = { x: 0.5, y: aspect / 2 };
  if (what === "mole") return { ...middle, diameter: 0.14 };
  return within({ x: 0.75, y: middle.y + 0.24, diameter: 0.23 }, aspect);
}

/** The circle inside the photograph: its middle never leaves it, it is never larger than it. */
export function within(circle: Circle, aspect: Aspect): Circle {
  const diameter = between(SMALLEST, circle.diameter, Math.min(1, aspect));
  return { x: between(0, circle.x, 1), y: between(0, circle.y, aspect), diameter };
}

export function moved(circle: Circle, by: Point, aspect: Aspect): Circle {
  return within({ ...circle, x: circle.x + by.x, y: circle.y + by.y }, aspect);
}

/** The rim is drawn to a point. */
export function drawnTo(circle: Circle, rim: Point, aspect: Aspect): Circle {
  return within({ ...circle, diameter: 2 * distance(circle, rim) }, aspect);
}

/** Two fingers that lay at `from` are at `to`: the circle grows by as much and goes along. */
export function pinched(
  circle: Circle,
  from: readonly [Point, Point],
  to: readonly [Point, Point],
  aspect: Aspect,
): Circle {
  const before = distance(...from);
  const growth = before > 0 ? distance(...to) / before : 1;
  const [was, is] = [halfway(...from), halfway(...to)];
  const grown = { ...circle, diameter: circle.diameter * growth };
  return moved(grown, { x: is.x - was.x, y: is.y - was.y }, aspect);
}

/** What a key does to a circle; null for a key that does nothing. */
export function pressed(circle: Circle, key: string, fine: boolean, aspect: Aspect): Circle | null {
  const step = fine ? STEP / 5 : STEP;
  const growth = fine ? 1 + (GROWTH - 1) / 5 : GROWTH;
  switch (key) {
    case "ArrowLeft":
      return moved(circle, { x: -step, y: 0 }, aspect);
    case "ArrowRight":
      return moved(circle, { x: step, y: 0 }, aspect);
    case "ArrowUp":
      return moved(circle, { x: 0, y: -step }, aspect);
    case "ArrowDown":
      return moved(circle, { x: 0, y: step }, aspect);
    case "+":
    case "=":
      return within({ ...circle, diameter: circle.diameter * growth }, aspect);
    case "-":
    case "_":
      return within({ ...circle, diameter: circle.diameter / growth }, aspect);
    default:
      return null;
  }
}

/** As the API takes it: four digits are a tenth of a pixel of the largest photograph that is sent. */
export function rounded({ x, y, diameter }: Circle): Circle {
  return { x: round(x), y: round(y), diameter: round(diameter) };
}

/** The part of the photograph shown when one looks closer at a circle: left, top, width, height. */
export function closeUp(circle: Circle, aspect: Aspect): [number, number, number, number] {
  const width = Math.min(1, Math.max(circle.diameter * 3, 0.12));
  const height = width * aspect;
  const left = between(0, circle.x - width / 2, 1 - width);
  const top = between(0, circle.y - height / 2, aspect - height);
  return [left, top, width, height];
}

/** A coin lies beside the mole: circles that cover each other measure nothing. They may touch. */
export function overlap(one: Circle, other: Circle): boolean {
  return distance(one, other) < 0.8 * ((one.diameter + other.diameter) / 2);
}

function halfway(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
