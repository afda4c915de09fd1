/** A figure and, beneath it, the ends of its 95 % interval. */
import type { ReactNode } from "react";
import { ends } from "./format";
import type { Figure } from "./shapes";

interface Shown {
  figure: Pick<Figure, "value" | "low" | "high">;
  written: (value: number | null) => string;
  /** What it was counted on. */
  beneath?: ReactNode;
}

export function Doubted({ figure, written, beneath }: Shown) {
  const doubt = ends(figure, written);
  return (
    <>
      {written(figure.value)}
      {doubt && <small className="beneath">{doubt}</small>}
      {beneath && <small className="beneath">{beneath}</small>}
    </>
  );
}
