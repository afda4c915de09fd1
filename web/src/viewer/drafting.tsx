/**
 * A border on its way: points by clicks or taps, or one stroke around the lesion; it closes where it
 * began. With two fingers the picture is zoomed meanwhile.
 */
import { type PointerEvent, useRef, useState } from "react";
import { percent } from "./cross";
import { type Point, within } from "./points";

interface Shown {
  draft: readonly Point[];
  change: (draft: readonly Point[]) => void;
  close: (draft: readonly Point[]) => void;
}

interface Stroke {
  before: readonly Point[];
  points: readonly Point[];
}

/** In pixels of the screen: how far a stroke goes to its next point, and how near its end is its beginning. */
const NEXT_PX = 5;
const CLOSING_PX = { mouse: 12, pen: 14, touch: 22 };
/** So many points make a stroke; fewer are a hand that shook. */
const STROKE = 10;

export function Drafting({ draft, change, close }: Shown) {
  const stroke = useRef<Stroke | null>(null);
  const [hover, setHover] = useState<Point | null>(null);

  const begin = (event: PointerEvent<SVGSVGElement>) => {
    if (!event.isPrimary) {
      if (stroke.current) change(stroke.current.before);
      stroke.current = null;
      return;
    }
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = placeOf(event);
    if (draft.length > 2 && closes(event, draft)) return close(draft);
    stroke.current = { before: draft, points: [...draft, at] };
    change(stroke.current.points);
  };
  const go = (event: PointerEvent<SVGSVGElement>) => {
    if (!event.isPrimary) return;
    setHover(event.pointerType === "mouse" ? placeOf(event) : null);
    const last = stroke.current?.points.at(-1);
    if (!stroke.current || !last || distance(event, last) < NEXT_PX) return;
    stroke.current.points = [...stroke.current.points, placeOf(event)];
    change(stroke.current.points);
  };
  const end = (event: PointerEvent<SVGSVGElement>) => {
    const drawn = stroke.current;
    stroke.current = null;
    if (!drawn || drawn.points.length - drawn.before.length < STROKE) return;
    if (closes(event, drawn.points)) close(drawn.points);
  };

  const line = [...draft, ...(hover ? [hover] : [])].map(String).join(" ");
  return (
    <svg
      className="drafting"
      aria-hidden="true"
      onPointerDown={begin}
      onPointerMove={go}
      onPointerUp={end}
      onPointerLeave={() => setHover(null)}
    >
      {draft.length > 0 && (
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          <polyline className="under" points={line} />
          <polyline className="over" points={line} />
        </svg>
      )}
      {draft.map(([x, y], place) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: points are added and taken at the end alone
          key={place}
          className={place === 0 ? "first" : "corner"}
          cx={percent(x)}
          cy={percent(y)}
          r={place === 0 ? 8 : 3}
        />
      ))}
    </svg>
  );
}

function closes(event: PointerEvent<SVGSVGElement>, draft: readonly Point[]): boolean {
  const near = CLOSING_PX[event.pointerType as keyof typeof CLOSING_PX] ?? CLOSING_PX.touch;
  return draft[0] !== undefined && distance(event, draft[0]) < near;
}

/** From the pointer to a place of the picture, in pixels of the screen. */
function distance(event: PointerEvent<SVGSVGElement>, [x, y]: Point): number {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  return Math.hypot(event.clientX - left - x * width, event.clientY - top - y * height);
}

export function placeOf(event: PointerEvent<SVGSVGElement>): Point {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  return within([(event.clientX - left) / width, (event.clientY - top) / height]);
}
