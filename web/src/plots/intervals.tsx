/** Estimates with their intervals, a row each: name, dot and line, and the numbers, in one table. */
import type { ReactNode } from "react";
import { rounded, withInterval } from "./numbers";
import { across, type Domain, ticksOf } from "./scale";
import "./plots.css";

export interface Interval {
  key: string;
  name: ReactNode;
  /** Under the name: how many units, for example. */
  note?: ReactNode;
  value: number;
  low: number | null;
  high: number | null;
  /** In place of the numbers. */
  said?: string;
  /** Not held against the threshold that the others are. */
  free?: boolean;
}

interface Shown {
  caption: string;
  head: { name: string; value: string };
  rows: readonly Interval[];
  domain: Domain;
  /** A threshold, drawn through all rows. */
  against?: { value: number; name: string };
}

export function Intervals({ caption, head, rows, domain, against }: Shown) {
  return (
    <table className="intervals">
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{head.name}</th>
          <td aria-hidden="true">{against && <Threshold against={against} domain={domain} />}</td>
          <th scope="col">{head.value}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">
              {row.name}
              {row.note && <small>{row.note}</small>}
            </th>
            <td className="interval-drawing" aria-hidden="true">
              <Line row={row} domain={domain} against={row.free ? undefined : against?.value} />
            </td>
            <td className="interval-numbers">
              {row.said ?? withInterval(row.value, row.low, row.high)}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot aria-hidden="true">
        <tr>
          <td />
          <td>
            <Ticks domain={domain} />
          </td>
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

function Line({ row, domain, against }: { row: Interval; domain: Domain; against?: number }) {
  const at = (value: number) => `${across(value, domain)}%`;
  return (
    <svg className="interval" width="100%" height="28" role="presentation">
      <line className="interval-rail" x1="0" x2="100%" y1="14" y2="14" />
      {against !== undefined && (
        <line className="interval-against" x1={at(against)} x2={at(against)} y1="0" y2="28" />
      )}
      {row.low !== null && row.high !== null && (
        <>
          <line className="interval-line" x1={at(row.low)} x2={at(row.high)} y1="14" y2="14" />
          <line className="interval-line" x1={at(row.low)} x2={at(row.low)} y1="9" y2="19" />
          <line className="interval-line" x1={at(row.high)} x2={at(row.high)} y1="9" y2="19" />
        </>
      )}
      <circle className="interval-dot" cx={at(row.value)} cy="14" r="5" />
    </svg>
  );
}

function Threshold({
  against,
  domain,
}: {
  against: { value: number; name: string };
  domain: Domain;
}) {
  const place = across(against.value, domain);
  const anchor = place > 70 ? "end" : place < 30 ? "start" : "middle";
  return (
    <svg className="interval" width="100%" height="20" role="presentation">
      <text x={`${place}%`} y="14" textAnchor={anchor}>
        {against.name}
      </text>
    </svg>
  );
}

function Ticks({ domain }: { domain: Domain }) {
  const ticks = ticksOf(domain);
  return (
    <svg className="interval" width="100%" height="20" role="presentation">
      {ticks.map((tick, place) => (
        <text
          key={tick}
          x={`${across(tick, domain)}%`}
          y="14"
          textAnchor={place === 0 ? "start" : place === ticks.length - 1 ? "end" : "middle"}
        >
          {rounded(tick, 1)}
        </text>
      ))}
    </svg>
  );
}
