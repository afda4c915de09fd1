/** Measurements over time with their doubt. The table beneath says the same in figures. */
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  CartesianGrid,
  ErrorBar,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { measured } from "../../images/quantity";
import { language } from "../../language";
import { day } from "../../language/format";
import { useTreatmentName } from "../../patients/course";
import type { Timeline, TimelineImage } from "../queries";
import { marksOf, type Point, points, type Quantity, quantities } from "./series";

/** D of ABCD: the diameter from which on a lesion deserves more attention. */
const WIDE_MM = 6;
const DAY_MS = 86_400_000;

interface Shown {
  images: readonly TimelineImage[];
  treatments: Timeline["treatments"];
}

export function Plot({ images, treatments }: Shown) {
  const { t } = useTranslation("follow_up");
  const available = quantities(images);
  const [chosen, setChosen] = useState<Quantity | null>(null);
  const title = useId();
  const quantity = chosen && available.includes(chosen) ? chosen : available[0];
  if (!quantity) return null;
  const shown = points(images, quantity);
  return (
    <section className="plot" aria-labelledby={title}>
      <div className="page-head">
        <h2 id={title}>{t("plot.title")}</h2>
        {available.length > 1 && (
          <fieldset className="chips">
            <legend className="unseen">{t("plot.quantity")}</legend>
            {available.map((each) => (
              <label key={each} className="chip">
                <input
                  type="radio"
                  name="quantity"
                  checked={each === quantity}
                  onChange={() => setChosen(each)}
                />
                <span>{t(`plot.of.${each}`)}</span>
              </label>
            ))}
          </fieldset>
        )}
      </div>
      <figure>
        <Drawn points={shown} quantity={quantity} treatments={treatments} />
        <figcaption className="hint">
          {t("plot.caption")} {quantity.endsWith("share") && t("plot.noScale")}
        </figcaption>
      </figure>
    </section>
  );
}

interface Drawing {
  points: readonly Point[];
  quantity: Quantity;
  treatments: Timeline["treatments"];
}

function Drawn({ points: shown, quantity, treatments }: Drawing) {
  const { t } = useTranslation("follow_up");
  const treatmentOf = useTreatmentName();
  const unit = t(UNITS[quantity]);
  const times = shown.map((each) => each.time);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const air = Math.max((to - from) * 0.06, 5 * DAY_MS);
  const top = Math.max(...shown.map((each) => each.value + each.error));
  const bottom = Math.min(...shown.map((each) => each.value - each.error));
  const marks = marksOf(bottom, top);
  return (
    <div className="plot-drawn" role="img" aria-label={said(shown, unit)}>
      <ResponsiveContainer width="100%" height="100%">
        <LineChart
          data={[...shown]}
          margin={{ top: 20, right: 20, bottom: 4, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} className="plot-grid" />
          <XAxis
            dataKey="time"
            type="number"
            scale="time"
            domain={[from - air, to + air]}
            ticks={ticksOf(times)}
            tickFormatter={brief}
          />
          <YAxis
            width={64}
            domain={[marks[0] ?? 0, marks.at(-1) ?? top]}
            ticks={marks}
            tickFormatter={plain}
            unit={`\u00a0${unit}`}
          />
          <Tooltip content={<Hint unit={unit} />} isAnimationActive={false} />
          {quantity === "diameter_mm" && top > WIDE_MM * 0.7 && (
            <ReferenceLine
              y={WIDE_MM}
              className="plot-six"
              label={{ value: t("plot.six"), position: "insideBottomRight" }}
            />
          )}
          {treatments
            .map((each) => ({ ...each, time: Date.parse(`${each.done_on}T12:00:00Z`) }))
            .filter(({ time }) => time >= from - air && time <= to + air)
            .map((each) => (
              <ReferenceLine
                key={each.treatment_id}
                x={each.time}
                className="plot-treatment"
                label={{ value: treatmentOf(each.what), position: "top" }}
              />
            ))}
          <Line
            dataKey="value"
            type="linear"
            className="plot-line"
            dot={<Dot />}
            activeDot={false}
            isAnimationActive={false}
          >
            <ErrorBar
              dataKey="error"
              direction="y"
              width={6}
              className="plot-error"
              isAnimationActive={false}
            />
          </Line>
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

const UNITS = {
  diameter_mm: "unit.mm",
  area_mm2: "unit.mm2",
  diameter_share: "unit.percent",
  area_share: "unit.percent",
} as const satisfies Record<Quantity, string>;

/** A hollow mark where the lesion goes on beyond the picture. */
function Dot({ cx, cy, payload }: { cx?: number; cy?: number; payload?: Point }) {
  if (cx === undefined || cy === undefined) return null;
  return <circle cx={cx} cy={cy} r={5} className={payload?.cut ? "plot-dot cut" : "plot-dot"} />;
}

interface Told {
  unit: string;
  active?: boolean;
  payload?: readonly { payload?: Point }[];
}

function Hint({ unit, active, payload }: Told) {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  return (
    <div className="plot-hint">
      {day(point.day)}
      <strong>{measured(point, unit)}</strong>
    </div>
  );
}

function said(shown: readonly Point[], unit: string): string {
  return shown.map((each) => `${day(each.day)}: ${measured(each, unit)}`).join("; ");
}

/** As many days as fit without touching one another. */
function ticksOf(times: readonly number[]): number[] {
  const all = [...new Set(times)];
  const step = Math.ceil(all.length / 6);
  return all.filter((_, at) => at % step === 0);
}

function brief(time: number): string {
  return new Intl.DateTimeFormat(language(), {
    day: "numeric",
    month: "short",
    year: "2-digit",
    timeZone: "UTC",
  }).format(new Date(time));
}

function plain(value: number): string {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(value);
}
