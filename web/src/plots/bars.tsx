/** Counts as bars, a row each: name, bar, number, in one table. A bar may have parts, told apart by shade and words. */
import type { ReactNode } from "react";
import { whole } from "./numbers";
import "./plots.css";

export interface Bar {
  key: string;
  name: ReactNode;
  parts: readonly { key: string; value: number }[];
  /** What was planned: a line across the bar. */
  wanted?: number | null;
  /** In place of the number. */
  said?: ReactNode;
}

interface Shown {
  caption: string;
  head: { name: string; value: string };
  bars: readonly Bar[];
  /** What the parts are called, in their order; without it bars have one part. */
  parts?: readonly { key: string; name: string }[];
}

export function Bars({ caption, head, bars, parts }: Shown) {
  const longest = Math.max(1, ...bars.map((bar) => Math.max(total(bar), bar.wanted ?? 0)));
  return (
    <div className="bars-table">
      {parts && parts.length > 1 && (
        <ul className="bars-legend">
          {parts.map((part, place) => (
            <li key={part.key}>
              <svg width="14" height="14" aria-hidden="true">
                <rect className={`bars-part part-${place % 4}`} width="14" height="14" />
              </svg>
              {part.name}
            </li>
          ))}
        </ul>
      )}
      <table className="intervals">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{head.name}</th>
            <td />
            <th scope="col">{head.value}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.key}>
              <th scope="row">{bar.name}</th>
              <td className="interval-drawing" aria-hidden="true">
                <Drawn bar={bar} longest={longest} parts={parts} />
              </td>
              <td className="interval-numbers">{bar.said ?? whole(total(bar))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Drawn({ bar, longest, parts }: { bar: Bar; longest: number; parts: Shown["parts"] }) {
  let from = 0;
  const shade = (key: string, place: number) =>
    Math.max(0, parts?.findIndex((part) => part.key === key) ?? place) % 4;
  return (
    <svg className="interval" width="100%" height="20" role="presentation">
      {bar.parts.map(({ key, value }, place) => {
        const start = from;
        from += value;
        return (
          <rect
            key={key}
            className={`bars-part part-${shade(key, place)}`}
            x={`${(100 * start) / longest}%`}
            y="3"
            width={`${(100 * value) / longest}%`}
            height="14"
          />
        );
      })}
      {bar.wanted != null && (
        <line
          className="bars-wanted"
          x1={`${(100 * bar.wanted) / longest}%`}
          x2={`${(100 * bar.wanted) / longest}%`}
          y1="0"
          y2="20"
        />
      )}
    </svg>
  );
}

function total(bar: Bar): number {
  return bar.parts.reduce((sum, part) => sum + part.value, 0);
}
