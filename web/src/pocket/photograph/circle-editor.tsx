/** A circle over the photograph: a finger moves it or its rim, two fingers pinch it, keys do both. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Circle, closeUp, drawnTo, moved, type Point, pinched, pressed } from "./marks";
import { Photograph } from "./photograph";

interface Shown {
  photograph: ImageBitmap;
  circle: Circle;
  change: (circle: Circle) => void;
  label: string;
  /** Drawn before, shown and left alone. */
  other?: Circle;
}

/** The rim's handle stands at the lower right: the finger on it hides least of the mole. */
const HANDLE = Math.SQRT1_2;

export function CircleEditor({ photograph, circle, change, label, other }: Shown) {
  const { t } = useTranslation("pocket");
  const aspect = photograph.height / photograph.width;
  const [window, setWindow] = useState<[number, number, number, number] | null>(null);
  const part = window ?? ([0, 0, 1, aspect] as const);
  const width = part[2];
  const gestures = useGestures(circle, change, aspect);
  const handle = { x: circle.x + rim(circle), y: circle.y + rim(circle) };

  function key(event: KeyboardEvent) {
    const made = pressed(circle, event.key, event.shiftKey, aspect);
    if (!made) return;
    event.preventDefault();
    change(made);
  }

  return (
    <div className="editor">
      <div className="editor-frame">
        <Photograph of={photograph} part={part} />
        <svg
          className="editor-rings"
          viewBox={part.join(" ")}
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys work here
          tabIndex={0}
          aria-label={`${label}. ${t("marks.keys")}`}
          onKeyDown={key}
          {...gestures}
        >
          {other && <Ring circle={other} width={width} quiet />}
          <Ring circle={circle} width={width} />
          <circle className="grip" data-grip="rim" cx={handle.x} cy={handle.y} r={0.04 * width} />
          <circle className="grip-seen" cx={handle.x} cy={handle.y} r={0.016 * width} />
        </svg>
      </div>
      <div className="actions">
        <button
          type="button"
          aria-pressed={window !== null}
          onClick={() => setWindow(window ? null : closeUp(circle, aspect))}
        >
          {t(window ? "marks.whole" : "marks.closer")}
        </button>
        <button
          type="button"
          aria-label={t("marks.smaller")}
          onClick={() => change(pressed(circle, "-", false, aspect) ?? circle)}
        >
          −
        </button>
        <button
          type="button"
          aria-label={t("marks.larger")}
          onClick={() => change(pressed(circle, "+", false, aspect) ?? circle)}
        >
          +
        </button>
      </div>
    </div>
  );
}

function rim(circle: Circle): number {
  return (circle.diameter / 2) * HANDLE;
}

/** Light on dark, so that it is seen on any skin. */
function Ring({ circle, width, quiet }: { circle: Circle; width: number; quiet?: boolean }) {
  const place = { cx: circle.x, cy: circle.y, r: circle.diameter / 2 };
  return (
    <g className={quiet ? "ring quiet-ring" : "ring"}>
      <circle {...place} className="ring-under" strokeWidth={0.012 * width} />
      <circle {...place} className="ring-over" strokeWidth={0.006 * width} />
    </g>
  );
}

/** One finger on the rim draws it, anywhere else it moves the circle; two pinch. */
function useGestures(circle: Circle, change: (circle: Circle) => void, aspect: number) {
  const fingers = useRef(new Map<number, Point>());
  const onRim = useRef(false);

  function placeOf({ currentTarget, clientX, clientY }: PointerEvent<SVGSVGElement>): Point {
    const screen = currentTarget.getScreenCTM();
    if (!screen) return { x: 0, y: 0 };
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(screen.inverse());
    return { x, y };
  }

  function moveTo(id: number, to: Point) {
    const from = fingers.current.get(id);
    if (!from) return;
    const other = [...fingers.current].find(([each]) => each !== id)?.[1];
    if (other) change(pinched(circle, [from, other], [to, other], aspect));
    else if (onRim.current) change(drawnTo(circle, to, aspect));
    else change(moved(circle, { x: to.x - from.x, y: to.y - from.y }, aspect));
    fingers.current.set(id, to);
  }

  function lift({ pointerId }: PointerEvent<SVGSVGElement>) {
    fingers.current.delete(pointerId);
    onRim.current = false;
  }

  return {
    onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
      if (fingers.current.size > 1) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      onRim.current =
        fingers.current.size === 0 && (event.target as Element).hasAttribute("data-grip");
      fingers.current.set(event.pointerId, placeOf(event));
    },
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => moveTo(event.pointerId, placeOf(event)),
    onPointerUp: lift,
    onPointerCancel: lift,
  };
}
