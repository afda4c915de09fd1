/** The five drawings of the body, and what a point in one of them means. */
import type { Site } from "../api/contract";
import type { Area, Named } from "./areas";
import * as areas from "./areas";
import { isInside, type Knot, type Point, pathOf, placed, polygonOf } from "./curve";
import { FACE_LINES, HEAD, NAPE_LINES, PROFILE, PROFILE_LINES } from "./head";
import { FOOT, FOOT_TOP_LINES, HAND, HAND_BACK_LINES, PALM_LINES, SOLE_LINES } from "./limbs";
import { BACK_LINES, FRONT_LINES, STANDING } from "./standing";

export const VIEWS = ["front", "back", "head", "palms", "soles"] as const;
export type View = (typeof VIEWS)[number];

/** A place in a drawing: shares of its width and height, from the top left. */
export interface Spot {
  view: View;
  x: number;
  y: number;
}

export type Side = "right" | "left" | "middle";

export interface Place extends Named {
  /** Of the patient's own sides. */
  side: Side;
}

/** All drawings have one size, so that nothing moves when they change. */
export const WIDTH = 240;
export const HEIGHT = 480;

export type FigureName =
  | "front"
  | "back"
  | "face"
  | "nape"
  | "right_profile"
  | "left_profile"
  | "right_palm"
  | "left_palm"
  | "right_hand"
  | "left_hand"
  | "right_sole"
  | "left_sole"
  | "right_foot"
  | "left_foot";

export interface Figure {
  name: FigureName;
  outline: string;
  lines: string;
  /** The middle of its caption. */
  caption: Point;
  polygon: readonly Point[];
  placeAt: (point: Point) => Place;
}

interface Drawn {
  name: FigureName;
  outline: readonly Knot[];
  lines: readonly (readonly Knot[])[];
  at: Point;
  /** Turned over where negative. */
  facing?: Point;
  caption: Point;
  named: (x: number, y: number) => Named;
  /** The patient's side that is on the left of the picture, or the only one that is seen. */
  side: { onLeft: "right" | "left"; middle: number } | "right" | "left";
}

function figure({
  name,
  outline,
  lines,
  at,
  facing = [1, 1],
  caption,
  named,
  side,
}: Drawn): Figure {
  const line = placed(outline, at, facing);
  const sideOf = ([x]: Point): Side => {
    if (typeof side === "string") return side;
    if (Math.abs(x - side.middle) < 4) return "middle";
    return x < side.middle === (side.onLeft === "right") ? "right" : "left";
  };
  return {
    name,
    outline: pathOf(line),
    lines: lines.map((each) => pathOf(placed(each, at, facing), false)).join(""),
    caption,
    polygon: polygonOf(line),
    placeAt: (point) => {
      const x = (point[0] - at[0]) / facing[0];
      const y = (point[1] - at[1]) / facing[1];
      const found = named(typeof side === "string" ? x : Math.abs(point[0] - side.middle), y);
      return { ...found, side: sideOf(point) };
    },
  };
}

/** A limb of the right, and its mirror image of the left. */
function pair(
  names: readonly [FigureName, FigureName],
  drawn: Pick<Drawn, "outline" | "lines" | "named">,
  at: readonly [Point, Point],
  facing: Point,
  captionY: number,
): Figure[] {
  const mirrored: Point = [-facing[0], facing[1]];
  return [
    figure({ ...drawn, name: names[0], at: at[0], facing, caption: [60, captionY], side: "right" }),
    figure({
      ...drawn,
      name: names[1],
      at: at[1],
      facing: mirrored,
      caption: [180, captionY],
      side: "left",
    }),
  ];
}

const UPPER: Point = [0, 0];
const HEADS_LOW = 236;

export const FIGURES: Readonly<Record<View, readonly Figure[]>> = {
  front: [
    figure({
      name: "front",
      outline: STANDING,
      lines: FRONT_LINES,
      at: UPPER,
      caption: [120, 478],
      named: areas.front,
      side: { onLeft: "right", middle: 120 },
    }),
  ],
  back: [
    figure({
      name: "back",
      outline: STANDING,
      lines: BACK_LINES,
      at: UPPER,
      caption: [120, 478],
      named: areas.back,
      side: { onLeft: "left", middle: 120 },
    }),
  ],
  head: [
    figure({
      name: "face",
      outline: HEAD,
      lines: FACE_LINES,
      at: UPPER,
      caption: [60, 224],
      named: areas.face,
      side: { onLeft: "right", middle: 60 },
    }),
    figure({
      name: "nape",
      outline: HEAD,
      lines: NAPE_LINES,
      at: [120, 0],
      caption: [180, 224],
      named: areas.nape,
      side: { onLeft: "left", middle: 180 },
    }),
    ...pair(
      ["right_profile", "left_profile"],
      { outline: PROFILE, lines: PROFILE_LINES, named: areas.profile },
      [
        [0, HEADS_LOW],
        [WIDTH, HEADS_LOW],
      ],
      [1, 1],
      460,
    ),
  ],
  palms: [
    ...pair(
      ["right_palm", "left_palm"],
      { outline: HAND, lines: PALM_LINES, named: areas.palm },
      [
        [0, -22],
        [WIDTH, -22],
      ],
      [1, 1],
      216,
    ),
    // Backs are seen with the thumbs outwards.
    ...pair(
      ["right_hand", "left_hand"],
      { outline: HAND, lines: HAND_BACK_LINES, named: areas.handBack },
      [
        [120, 222],
        [120, 222],
      ],
      [-1, 1],
      460,
    ),
  ],
  soles: [
    ...pair(
      ["right_sole", "left_sole"],
      { outline: FOOT, lines: SOLE_LINES, named: areas.sole },
      [UPPER, [WIDTH, 0]],
      [1, 1],
      237,
    ),
    // As they stand before one who looks: toes downwards.
    ...pair(
      ["right_foot", "left_foot"],
      { outline: FOOT, lines: FOOT_TOP_LINES, named: areas.footTop },
      [
        [0, 466],
        [WIDTH, 466],
      ],
      [1, -1],
      477,
    ),
  ],
};

/** What is at a point of a drawing; null beside the body. */
export function placeAt({ view, x, y }: Spot): Place | null {
  const point: Point = [x * WIDTH, y * HEIGHT];
  const found = FIGURES[view].find(({ polygon }) => isInside(polygon, point));
  return found?.placeAt(point) ?? null;
}

/** How far beside the body a finger may come down and still mean it, in units of the drawing. */
const REACH = 9;

/** The nearest place on the body, for fingers that are wider than what they point at. */
export function nearest(spot: Spot): (Spot & Place) | null {
  for (let reach = 0; reach <= REACH; reach += 1.5) {
    const turns = reach === 0 ? 1 : 16;
    for (let turn = 0; turn < turns; turn += 1) {
      const angle = (turn / turns) * 2 * Math.PI;
      const tried: Spot = {
        view: spot.view,
        x: rounded(spot.x + (Math.cos(angle) * reach) / WIDTH),
        y: rounded(spot.y + (Math.sin(angle) * reach) / HEIGHT),
      };
      const place = placeAt(tried);
      if (place) return { ...tried, ...place };
    }
  }
  return null;
}

/** A thousandth of a drawing is less than two millimetres on a body. */
function rounded(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;
}

/** The drawing in which a part of the form is found first. */
export const VIEW_OF: Readonly<Record<Site, View>> = {
  head_neck: "head",
  torso: "front",
  arms: "front",
  legs: "front",
  genitals: "front",
  palms_soles: "palms",
};

export type { Area };
