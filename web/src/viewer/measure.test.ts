import { expect, it } from "vitest";
import { measured } from "./measure";
import { samePicture } from "./picture-link";
import { encloses, simplified, thinned, within } from "./points";

const size = { width: 600, height: 400 };

it("a distance is in pixels of the picture, whatever its shape", () => {
  expect(measured([0, 0], [0.5, 1], size)).toEqual({ pixels: 500, millimetres: null });
});

it("a distance is in millimetres only where the scale is known", () => {
  expect(measured([0, 0], [1, 0], size, 0.02).millimetres).toBeCloseTo(12);
  for (const unknown of [null, undefined, 0, Number.NaN, -1]) {
    expect(measured([0, 0], [1, 0], size, unknown).millimetres).toBeNull();
  }
});

it("a point outside the picture is on its edge", () => {
  expect(within([-0.2, 1.7])).toEqual([0, 1]);
  expect(within([Number.NaN, 0.123456])).toEqual([0, 0.1235]);
});

it("an outline keeps within the number of points that the system takes", () => {
  const many = Array.from({ length: 1000 }, (_, at) => [at / 1000, 0] as const);
  expect(thinned(many)).toHaveLength(256);
  expect(thinned(many)[0]).toEqual([0, 0]);
});

it("two points enclose nothing, however often they are said", () => {
  expect(
    encloses([
      [0, 0],
      [1, 1],
      [0, 0],
    ]),
  ).toBe(false);
  expect(
    encloses([
      [0, 0],
      [1, 1],
      [0, 1],
    ]),
  ).toBe(true);
});

it("a link that was signed anew leads to the same picture", () => {
  expect(samePicture("/s3/a.jpg?sig=1", "/s3/a.jpg?sig=2")).toBe(true);
  expect(samePicture("/s3/a.jpg?sig=1", "/s3/b.jpg?sig=1")).toBe(false);
  expect(samePicture("blob:x/1", "blob:x/2")).toBe(false);
});

it("a stroke keeps its corners and loses the points between them", () => {
  const side = (place: number) => place / 50;
  const stroke = [
    ...Array.from({ length: 50 }, (_, at) => [side(at), 0] as const),
    ...Array.from({ length: 50 }, (_, at) => [1, side(at)] as const),
    [1, 1] as const,
  ];
  expect(simplified(stroke)).toEqual([
    [0, 0],
    [1, 0],
    [1, 1],
  ]);
});
