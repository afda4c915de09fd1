import { describe, expect, it } from "vitest";
import { chosenThree, scaleBar } from "./scale";

describe("the bar of a scale", () => {
  it("is the longest round length within a third of the picture", () => {
    expect(scaleBar(800, 0.0125)).toEqual({ mm: 2, share: 0.2 });
    expect(scaleBar(3000, 0.01)).toEqual({ mm: 5, share: expect.closeTo(0.167, 2) });
  });

  it("is not drawn where there is no scale, or none that fits", () => {
    expect(scaleBar(800, null)).toBeNull();
    expect(scaleBar(null, 0.01)).toBeNull();
    expect(scaleBar(10, 0.0001)).toBeNull();
  });
});

it("of many photographs a sheet has the first, the last and one between", () => {
  expect(chosenThree([1, 2])).toEqual([1, 2]);
  expect(chosenThree([1, 2, 3, 4, 5])).toEqual([1, 3, 5]);
  expect(chosenThree([])).toEqual([]);
});
