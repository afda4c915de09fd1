/** A distance between two places of the picture, drawn with a pointer or with the cross. */
import { useRef } from "react";
import { percent } from "./cross";
import { placeOf } from "./drafting";
import type { Point } from "./points";

export type Ends = readonly [Point, Point] | readonly [Point] | null;

interface Shown {
  ends: Ends;
  change: (ends: Ends) => void;
}

/** Two clicks make a line as well as one drag. */
const DRAGGED = 0.01;

export function Ruler({ ends, change }: Shown) {
  const dragged = useRef<Point | null>(null);
  return (
    <svg
      className="ruler"
      aria-hidden="true"
      onPointerDown={(event) => {
        if (!event.isPrimary) {
          dragged.current = null; // A second finger zooms.
          return;
        }
        const at = placeOf(event);
        dragged.current = ends?.length === 1 ? null : at;
        change(withPoint(ends, at));
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!dragged.current || !event.isPrimary) return;
        const at = placeOf(event);
        if (apart(dragged.current, at) > DRAGGED) change([dragged.current, at]);
      }}
      onPointerUp={() => {
        dragged.current = null;
      }}
    >
      {ends?.length === 2 && (
        <>
          <Line ends={ends} layer="under" />
          <Line ends={ends} layer="over" />
        </>
      )}
      {ends?.map((end, place) => (
        <End key={place === 0 ? "from" : "to"} at={end} />
      ))}
    </svg>
  );
}

/** A third point begins a new line. */
export function withPoint(ends: Ends, at: Point): Ends {
  return ends?.length === 1 ? [ends[0], at] : [at];
}

function Line({ ends: [from, to], layer }: { ends: readonly [Point, Point]; layer: string }) {
  return (
    <line
      className={layer}
      x1={percent(from[0])}
      y1={percent(from[1])}
      x2={percent(to[0])}
      y2={percent(to[1])}
    />
  );
}

function End({ at: [x, y] }: { at: Point }) {
  return (
    <>
      <circle className="under" cx={percent(x)} cy={percent(y)} r="5" />
      <circle className="over" cx={percent(x)} cy={percent(y)} r="5" />
    </>
  );
}

function apart(one: Point, other: Point): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}
