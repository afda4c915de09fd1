/** One drawing of the body with numbered dots on it; what it shows is also said in words beside it. */
import type { MouseEvent, PointerEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Point } from "./curve";
import { FIGURES, type FigureName, HEIGHT, type Spot, type View, WIDTH } from "./views";

export interface Dot extends Spot {
  id: string;
  number: number;
  label: string;
  /** `new` has not been saved yet. */
  kind?: string;
}

const RADIUS = 8;

interface Shown {
  view: View;
  dots: readonly Dot[];
  chosen?: string;
  cross?: Spot | null;
  press?: (spot: Spot) => void;
  point?: (spot: Spot) => void;
}

export function Drawing({ view, dots, chosen, cross, press, point }: Shown) {
  // The one that is chosen is painted last, over its neighbours.
  const painted = [...dots].sort((a, b) => Number(a.id === chosen) - Number(b.id === chosen));
  return (
    <svg
      className="body-drawing"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      onClick={press && ((event) => press(spotOf(event, view)))}
      onPointerMove={point && ((event) => isMouse(event) && point(spotOf(event, view)))}
    >
      {FIGURES[view].map(({ name, outline, lines, caption }) => (
        <g key={name}>
          <path className="body-outline" d={outline} />
          <path className="body-lines" d={lines} />
          <Caption name={name} at={caption} />
        </g>
      ))}
      <Sides view={view} />
      {painted.map((dot) => (
        <g
          key={dot.id}
          className="body-dot"
          data-kind={dot.kind}
          data-chosen={dot.id === chosen || undefined}
          transform={`translate(${dot.x * WIDTH} ${dot.y * HEIGHT})`}
        >
          <title>{dot.label}</title>
          <circle r={RADIUS} />
          <text dy="0.36em">{dot.number}</text>
        </g>
      ))}
      {cross?.view === view && <Cross at={cross} />}
    </svg>
  );
}

function Caption({ name, at }: { name: FigureName; at: Point }) {
  const { t } = useTranslation("body");
  return (
    <text className="body-caption" x={at[0]} y={at[1]}>
      {t(`figure.${name}`)}
    </text>
  );
}

/** The patient's own sides, where the drawing shows both. */
function Sides({ view }: { view: View }): ReactNode {
  const { t } = useTranslation("body");
  if (view !== "front" && view !== "back") return null;
  const [left, right] =
    view === "front" ? (["right", "left"] as const) : (["left", "right"] as const);
  return (
    <>
      <text className="body-caption" x={30} y={120}>
        {t(`sideMark.${left}`)}
      </text>
      <text className="body-caption" x={WIDTH - 30} y={120}>
        {t(`sideMark.${right}`)}
      </text>
    </>
  );
}

function Cross({ at }: { at: Spot }) {
  const x = at.x * WIDTH;
  const y = at.y * HEIGHT;
  const d = `M${x - 11} ${y}h8M${x + 3} ${y}h8M${x} ${y - 11}v8M${x} ${y + 3}v8`;
  return (
    <>
      <path className="body-cross-under" d={d} />
      <path className="body-cross" d={d} />
    </>
  );
}

function spotOf(event: MouseEvent<SVGSVGElement>, view: View): Spot {
  const box = event.currentTarget.getBoundingClientRect();
  return {
    view,
    x: (event.clientX - box.left) / box.width,
    y: (event.clientY - box.top) / box.height,
  };
}

function isMouse(event: PointerEvent): boolean {
  return event.pointerType === "mouse";
}

/** The dot that is meant by a press, if any is within `reach` units of the drawing. */
export function dotNear(dots: readonly Dot[], spot: Spot, reach: number): Dot | undefined {
  const far = (dot: Dot) => Math.hypot((dot.x - spot.x) * WIDTH, (dot.y - spot.y) * HEIGHT);
  return dots
    .filter((dot) => dot.view === spot.view && far(dot) <= reach)
    .sort((a, b) => far(a) - far(b))[0];
}
