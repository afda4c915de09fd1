/** A curve in the unit square, with its band, the line of chance or of perfect agreement, and marked points. */
import {
  Area,
  CartesianGrid,
  ComposedChart,
  ErrorBar,
  Label,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  XAxis,
  YAxis,
} from "recharts";
import { rounded } from "./numbers";
import "./plots.css";

export interface CurvePoint {
  x: number;
  y: number;
  /** Ends of the band at this x. */
  low?: number;
  high?: number;
}

export interface Mark {
  name: string;
  x: number;
  y: number;
  /** How far the interval reaches below and above. */
  xError?: [number, number];
  yError?: [number, number];
  hollow?: boolean;
}

interface Shown {
  points: readonly CurvePoint[];
  x: string;
  y: string;
  marks?: readonly Mark[];
  /** Points with their bars rather than a line through them. */
  dotted?: boolean;
}

/** Colours as attributes: the library gives its own as attributes too. */
const TICK = { fill: "var(--ink-soft)", fontSize: 13 };
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Draws only; stands in a `Figure`, which says the same in words. */
export function Curve({ points, x, y, marks = [], dotted }: Shown) {
  const banded = points.some((point) => point.low !== undefined && point.high !== undefined);
  const data = points.map((point) => ({
    ...point,
    band: [point.low ?? point.y, point.high ?? point.y],
  }));
  const dots = dotted
    ? points.map((point) => ({
        ...point,
        name: "",
        yError: [point.y - (point.low ?? point.y), (point.high ?? point.y) - point.y],
      }))
    : [];
  return (
    <div className="curve">
      <ResponsiveContainer width="100%" aspect={1} initialDimension={{ width: 320, height: 320 }}>
        <ComposedChart
          data={data}
          margin={{ top: 8, right: 12, bottom: 24, left: 8 }}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--line)" />
          <XAxis
            type="number"
            dataKey="x"
            domain={[0, 1]}
            ticks={TICKS}
            tickFormatter={(tick: number) => rounded(tick, 1)}
            tick={TICK}
            stroke="var(--edge)"
          >
            <Label value={x} position="bottom" offset={6} fill="var(--ink-soft)" fontSize={13} />
          </XAxis>
          <YAxis
            type="number"
            domain={[0, 1]}
            ticks={TICKS}
            width={52}
            tickFormatter={(tick: number) => rounded(tick, 1)}
            tick={TICK}
            stroke="var(--edge)"
          >
            <Label
              value={y}
              angle={-90}
              position="insideLeft"
              textAnchor="middle"
              fill="var(--ink-soft)"
              fontSize={13}
            />
          </YAxis>
          <ReferenceLine
            className="curve-chance"
            segment={[
              { x: 0, y: 0 },
              { x: 1, y: 1 },
            ]}
          />
          {banded && !dotted && (
            <Area
              className="curve-band"
              dataKey="band"
              type="linear"
              stroke="none"
              isAnimationActive={false}
              activeDot={false}
            />
          )}
          {!dotted && (
            <Line
              className="curve-line"
              dataKey="y"
              type="linear"
              dot={false}
              activeDot={false}
              isAnimationActive={false}
            />
          )}
          {dotted && (
            <Scatter className="curve-dot" data={dots} dataKey="y" isAnimationActive={false}>
              <ErrorBar dataKey="yError" direction="y" width={4} className="curve-error plain" />
            </Scatter>
          )}
          {marks.map((mark) => (
            <Scatter
              key={mark.name}
              className={mark.hollow ? "curve-mark hollow" : "curve-mark"}
              data={[mark]}
              dataKey="y"
              shape={mark.hollow ? "diamond" : "circle"}
              isAnimationActive={false}
            >
              {mark.yError && (
                <ErrorBar dataKey="yError" direction="y" width={4} className="curve-error" />
              )}
              {mark.xError && (
                <ErrorBar dataKey="xError" direction="x" width={4} className="curve-error" />
              )}
            </Scatter>
          ))}
        </ComposedChart>
      </ResponsiveContainer>
      {marks.length > 0 && (
        <ul className="bars-legend">
          {marks.map((mark) => (
            <li key={mark.name}>
              <svg width="16" height="16" aria-hidden="true" className="curve-key">
                {mark.hollow ? (
                  <path d="M8 2 14 8 8 14 2 8Z" className="curve-mark hollow" />
                ) : (
                  <circle cx="8" cy="8" r="5" className="curve-mark" />
                )}
              </svg>
              {mark.name}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
