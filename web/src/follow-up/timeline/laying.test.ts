import { describe, expect, it } from "vitest";
import type { TimelineImage } from "../queries";
import { flashesOf, MOST_FLASHES, RATES } from "./blinking";
import { aligned, closeUp, firstPair, lay, whole } from "./laying";
import { marksOf, points, quantities } from "./series";

const MEASURED: NonNullable<TimelineImage["measurements"]> = {
  area_share: 0.2,
  diameter_widths: 0.5,
  diameter_mm: { value: 5, error: 0.4 },
  area_mm2: { value: 18, error: 2 },
  cut: false,
  relative_error: { area: 0.2, diameter: 0.08, area_repeat: 0.1, diameter_repeat: 0.06 },
  asymmetry: { axes: 1, shape: [0.1, 0.05], colour: [3, 2], axis: 10 },
  border: { compactness: 1.2, abrupt_segments: 2 },
  colours: {},
  colours_present: [],
  repeat_distance: 0.5,
};

function photograph(id: string, day: string, more: Partial<TimelineImage> = {}): TimelineImage {
  return {
    image_id: id,
    kind: "dermoscopic",
    state: "classified",
    day,
    day_is: "taken",
    urls: { image: `/s3/${id}`, thumbnail: null },
    width: 800,
    height: 600,
    pixel_spacing_mm: 0.0125,
    opinion: null,
    measurements: MEASURED,
    outline: [
      [0.4, 0.4],
      [0.6, 0.4],
      [0.6, 0.6],
      [0.4, 0.6],
    ],
    label: null,
    appearance: { to_first: null, to_last: null },
    alignment: null,
    ...more,
  };
}

const TURNED: TimelineImage["alignment"] = {
  matrix: [0, 1, -1, 0, 0.8, 0.1],
  rotation: 90,
  scale: 1,
  scaled_by: "spacing",
  overlap: 0.9,
  likeness: 0.8,
};

describe("laying one photograph on another", () => {
  it("takes the outline where the alignment takes the picture", () => {
    const laid = lay(photograph("a", "2025-01-01", { alignment: TURNED }), whole(0.75), true);
    const [x, y] = laid.outline?.[0] ?? [];
    // (0.4, 0.3) in widths, turned by a quarter and moved.
    expect(x).toBeCloseTo(0.5);
    expect(y).toBeCloseTo(0.5);
  });

  it("puts a picture of another shape whole into the middle where nothing aligns it", () => {
    const tall = photograph("a", "2025-01-01", { width: 600, height: 1200, outline: null });
    expect(lay(tall, whole(0.75), true).matrix).toEqual([0.375, 0, 0, 0.375, 0.3125, 0]);
  });

  it("asks for the alignment of both", () => {
    const one = photograph("a", "2025-01-01", { alignment: TURNED });
    expect(aligned(one, one)).toBe(true);
    expect(aligned(one, photograph("b", "2025-02-01"))).toBe(false);
  });

  it("comes close to both lesions and stays within the picture", () => {
    const laid = lay(photograph("a", "2025-01-01"), whole(0.75), false);
    const near = closeUp([laid], whole(0.75));
    expect(near.width).toBeLessThan(0.4);
    expect(near.x).toBeGreaterThan(0);
    const edge = {
      ...laid,
      outline: [
        [0, 0],
        [0.1, 0],
        [0.1, 0.1],
      ] as [number, number][],
    };
    expect(closeUp([edge], whole(0.75))).toMatchObject({ x: 0, y: 0 });
    expect(closeUp([{ ...laid, outline: null }], whole(0.75))).toEqual(whole(0.75));
  });

  it("compares the first and the last of those that can be compared", () => {
    const [a, b, c] = [
      photograph("a", "2025-01-01"),
      photograph("b", "2025-02-01", { alignment: TURNED }),
      photograph("c", "2025-03-01", { alignment: TURNED }),
    ];
    expect(firstPair([a, b, c])?.map((each) => each.image_id)).toEqual(["b", "c"]);
    expect(firstPair([a, b])?.map((each) => each.image_id)).toEqual(["a", "b"]);
    expect(firstPair([a])).toBeNull();
    expect(firstPair([])).toBeNull();
  });
});

describe("measurements over time", () => {
  it("carry the error of repeated photographs", () => {
    const [point] = points([photograph("a", "2025-01-01")], "diameter_mm");
    expect(point).toMatchObject({ value: 5, day: "2025-01-01", cut: false });
    expect(point?.error).toBeCloseTo(0.3);
  });

  it("leave out photographs whose day nobody told and those not measured", () => {
    const images = [
      photograph("a", "2025-01-01", { day_is: "received" }),
      photograph("b", "2025-01-02", { measurements: null }),
    ];
    expect(points(images, "area_share")).toEqual([]);
  });

  it("are in millimetres where there are scales, in shares of the picture otherwise", () => {
    const scaled = [photograph("a", "2025-01-01"), photograph("b", "2025-02-01")];
    expect(quantities(scaled)).toEqual(["diameter_mm", "area_mm2"]);
    const { diameter_mm: _, area_mm2: __, ...unscaled } = MEASURED;
    const without = scaled.map((each) => ({ ...each, measurements: unscaled }));
    expect(quantities(without)).toEqual(["diameter_share", "area_share"]);
    expect(quantities([])).toEqual([]);
  });
});

it("no rate of blinking comes near what may harm", () => {
  for (const rate of RATES) expect(flashesOf(rate)).toBeLessThanOrEqual(MOST_FLASHES / 3);
});

it("an axis has round marks around everything it shows", () => {
  expect(marksOf(3.8, 5.1)).toEqual([3, 3.5, 4, 4.5, 5, 5.5]);
  expect(marksOf(1, 6.3)).toEqual([0, 2, 4, 6, 8]);
  expect(marksOf(9, 17)).toEqual([4, 6, 8, 10, 12, 14, 16, 18]);
  expect(marksOf(0, 0).length).toBeGreaterThan(1);
});
