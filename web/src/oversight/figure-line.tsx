/** A figure between 0 and 1 with its 95 % interval, drawn; what it says stands beside it in words. */
import type { Figure } from "./shapes";

interface Shown {
  figure: Pick<Figure, "value" | "low" | "high">;
  /** A mark on the same line: the published figure, or the bar. */
  mark?: number;
  /** The right end of the line. */
  most?: number;
}

const WIDTH = 200;
const MIDDLE = 8;

export function FigureLine({ figure, mark, most = 1 }: Shown) {
  const at = (value: number) => (Math.min(Math.max(value, 0), most) / most) * WIDTH;
  const { value, low, high } = figure;
  return (
    <svg className="figure-line" viewBox={`-4 0 ${WIDTH + 8} 16`} aria-hidden="true">
      <line className="figure-scale" x1="0" x2={WIDTH} y1={MIDDLE} y2={MIDDLE} />
      {mark !== undefined && (
        <line className="figure-mark" x1={at(mark)} x2={at(mark)} y1="1" y2="15" />
      )}
      {low !== null && high !== null && (
        <line className="figure-doubt" x1={at(low)} x2={at(high)} y1={MIDDLE} y2={MIDDLE} />
      )}
      {value !== null && <circle className="figure-value" cx={at(value)} cy={MIDDLE} r="4" />}
    </svg>
  );
}
