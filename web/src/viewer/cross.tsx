/** Drawing without a pointer: arrows move a cross over the picture, Enter puts a point there. */
import { type KeyboardEvent, useState } from "react";
import { type Point, within } from "./points";

const STEP = 0.02;
const FINE = 0.004;
const MOVES: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Keys {
  cross: Point | null;
  /** True when the key was one of the cross. */
  pressed: (event: KeyboardEvent) => boolean;
  away: () => void;
}

export function useCross(put: (at: Point) => void): Keys {
  const [cross, setCross] = useState<Point | null>(null);
  return {
    cross,
    pressed: (event) => {
      const move = MOVES[event.key];
      if (move) {
        const step = event.shiftKey ? FINE : STEP;
        const [x, y] = cross ?? [0.5, 0.5];
        setCross(within([x + move[0] * step, y + move[1] * step]));
        return true;
      }
      if (event.key !== "Enter" || !cross) return false;
      put(cross);
      return true;
    },
    away: () => setCross(null),
  };
}

export function Cross({ at: [x, y] }: { at: Point }) {
  return (
    <svg className="cross" aria-hidden="true">
      {["under", "over"].map((layer) => (
        <svg
          key={layer}
          x={percent(x)}
          y={percent(y)}
          overflow="visible"
          className={layer}
          aria-hidden="true"
        >
          <path d="M-14 0H-4M4 0H14M0 -14V-4M0 4V14" />
        </svg>
      ))}
    </svg>
  );
}

export function percent(part: number): string {
  return `${part * 100}%`;
}
