import { expect, test } from "vitest";
import {
  type Circle,
  closeUp,
  drawnTo,
  firstCircle,
  moved,
  overlap,
  pinched,
  pressed,
  rounded,
  within,
} from "./marks";

const UPRIGHT = 4 / 3;
const CIRCLE: Circle = { x: 0.5, y: 0.6, diameter: 0.2 };

test("the first circles are inside the photograph, whatever its shape", () => {
  for (const aspect of [0.5, 1, UPRIGHT, 2]) {
    for (const what of ["mole", "coin"] as const) {
      const circle = firstCircle(what, aspect);
      expect(within(circle, aspect)).toEqual(circle);
    }
    expect(overlap(firstCircle("mole", aspect), firstCircle("coin", aspect))).toBe(false);
  }
});

test("a circle's middle never leaves the photograph", () => {
  expect(moved(CIRCLE, { x: -3, y: 9 }, UPRIGHT)).toEqual({ x: 0, y: UPRIGHT, diameter: 0.2 });
});

test("a circle is never larger than the photograph and never nothing", () => {
  expect(drawnTo(CIRCLE, { x: 9, y: 9 }, 0.5).diameter).toBe(0.5);
  expect(drawnTo(CIRCLE, CIRCLE, UPRIGHT).diameter).toBeGreaterThan(0);
});

test("the rim is drawn to where the finger is", () => {
  expect(drawnTo(CIRCLE, { x: 0.8, y: 0.6 }, UPRIGHT).diameter).toBeCloseTo(0.6);
});

test("two fingers that part double the circle, and it follows them", () => {
  const from = [
    { x: 0.4, y: 0.6 },
    { x: 0.6, y: 0.6 },
  ] as const;
  const to = [
    { x: 0.4, y: 0.7 },
    { x: 0.8, y: 0.7 },
  ] as const;
  const made = pinched(CIRCLE, from, to, UPRIGHT);
  expect(made.diameter).toBeCloseTo(0.4);
  expect(made.x).toBeCloseTo(0.6);
  expect(made.y).toBeCloseTo(0.7);
});

test("two fingers on one point change no size", () => {
  const point = { x: 0.4, y: 0.4 };
  expect(pinched(CIRCLE, [point, point], [point, point], UPRIGHT)).toEqual(CIRCLE);
});

test("arrows move a circle, plus and minus change its size, other keys do nothing", () => {
  expect(pressed(CIRCLE, "ArrowLeft", false, UPRIGHT)?.x).toBeCloseTo(0.49);
  expect(pressed(CIRCLE, "ArrowDown", true, UPRIGHT)?.y).toBeCloseTo(0.602);
  expect(pressed(CIRCLE, "+", false, UPRIGHT)?.diameter).toBeGreaterThan(0.2);
  expect(pressed(CIRCLE, "-", true, UPRIGHT)?.diameter).toBeLessThan(0.2);
  expect(pressed(CIRCLE, "Tab", false, UPRIGHT)).toBeNull();
});

test("the close-up has the photograph's shape and stays inside it", () => {
  for (const circle of [CIRCLE, { x: 0, y: 0, diameter: 0.1 }, { x: 1, y: 1.3, diameter: 0.9 }]) {
    const [left, top, width, height] = closeUp(circle, UPRIGHT);
    expect(height / width).toBeCloseTo(UPRIGHT);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(left + width).toBeLessThanOrEqual(1.000001);
    expect(top + height).toBeLessThanOrEqual(UPRIGHT + 0.000001);
  }
});

test("what is sent has four digits", () => {
  expect(rounded({ x: 1 / 3, y: 2 / 3, diameter: 0.123456 })).toEqual({
    x: 0.3333,
    y: 0.6667,
    diameter: 0.1235,
  });
});
