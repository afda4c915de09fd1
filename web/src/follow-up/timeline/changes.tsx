/** How the lesion changed since the first visit and since the one before, each figure with its doubt. */
import { useTranslation } from "react-i18next";
import { axesOf } from "../../images/measurements";
import { difference, type Measured, relative } from "../../images/quantity";
import { counted, day } from "../../language/format";
import type { Change, Timeline } from "../queries";
import "../../images/pairs.css";

export function Changes({ timeline }: { timeline: Timeline }) {
  const { t } = useTranslation("follow_up");
  const latest = latestCompared(timeline.visits);
  if (!latest) return null;
  const { since_first: first, since_last: last } = latest;
  const same = first?.since === last?.since;
  return (
    <section className="changes" aria-labelledby="changes">
      <h2 id="changes">{t("change.title", { day: day(latest.day) })}</h2>
      <div className="change-columns">
        {first && <Told title={same ? "since" : "sinceFirst"} change={first} />}
        {last && !same && <Told title="sinceLast" change={last} />}
        <Growth growth={timeline.growth} />
      </div>
    </section>
  );
}

/** The latest visit that the API could compare with another. */
export function latestCompared(visits: Timeline["visits"]): Timeline["visits"][number] | null {
  return [...visits].reverse().find((each) => each.since_first ?? each.since_last) ?? null;
}

function Told({ title, change }: { title: "since" | "sinceFirst" | "sinceLast"; change: Change }) {
  const { t } = useTranslation("follow_up");
  const said = useChange()(change);
  const apart =
    change.days === null
      ? t("change.undated")
      : t("change.in", { days: counted(change.days, t("days", { returnObjects: true })) });
  return (
    <div>
      <h3>{t(`change.${title}`, { day: day(change.since) })}</h3>
      <p className="hint">{apart}</p>
      <dl className="pairs">
        {said.map(({ name, value, note, marked }) => (
          <div key={name} className={marked ? "marked" : undefined}>
            <dt>{name}</dt>
            <dd>
              {value}
              {note && <small>{note}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

export interface Said {
  name: string;
  value: string;
  note?: string;
  /** Beyond what repeated photographs differ by. */
  marked?: boolean;
}

/** A change as names and words: sizes, asymmetry, colours, looks. */
export function useChange(): (change: Change) => Said[] {
  const { t } = useTranslation("follow_up");
  const size = (
    name: string,
    delta: (Measured & { beyond_error: boolean }) | null,
    said: (delta: Measured) => string,
  ): Said[] =>
    delta
      ? [
          {
            name,
            value: said(delta),
            note: t(delta.beyond_error ? "change.beyond" : "change.within"),
            marked: delta.beyond_error,
          },
        ]
      : [];
  return (change) => {
    const inMm = change.diameter_mm ?? change.area_mm2;
    const sizes = [
      ...size(t("measured.diameter"), change.diameter_mm, (d) => difference(d, t("unit.mm"))),
      ...size(t("measured.area"), change.area_mm2, (d) => difference(d, t("unit.mm2"))),
      ...(inMm ? [] : size(t("change.relativeDiameter"), change.relative_diameter, relative)),
      ...(inMm ? [] : size(t("change.relativeArea"), change.relative_area, relative)),
    ];
    const axes = change.asymmetric_axes;
    return [
      ...sizes,
      ...(sizes.length === 0 && change.size_not_compared
        ? [{ name: t("change.size"), value: t(`change.not.${change.size_not_compared}`) }]
        : []),
      ...(axes
        ? [
            {
              name: t("figures.axes"),
              value: t("change.axes", { before: axesOf(axes.before), after: axesOf(axes.after) }),
              marked: axes.increased,
            },
          ]
        : []),
      {
        name: t("change.newColours"),
        value: change.new_colours.map((each) => t(`colour.${each}`)).join(", ") || t("change.none"),
        marked: change.new_colours.length > 0,
      },
      {
        name: t("change.looks"),
        value: t(change.looks_different ? "change.different" : "change.alike"),
        marked: change.looks_different,
      },
    ];
  };
}

function Growth({ growth }: { growth: Timeline["growth"] }) {
  const { t } = useTranslation("follow_up");
  const { diameter_mm_per_month: diameter, area_mm2_per_month: area } = growth;
  if (!diameter && !area) return null;
  const of = diameter ?? area;
  return (
    <div>
      <h3>{t("growth.title")}</h3>
      {of && (
        <p className="hint">
          {t("growth.over", {
            visits: counted(of.visits, t("visits", { returnObjects: true })),
            days: counted(of.days, t("days", { returnObjects: true })),
          })}
        </p>
      )}
      <dl className="pairs">
        {diameter && (
          <div>
            <dt>{t("measured.diameter")}</dt>
            <dd>{difference(diameter, t("unit.mmMonth"))}</dd>
          </div>
        )}
        {area && (
          <div>
            <dt>{t("measured.area")}</dt>
            <dd>{difference(area, t("unit.mm2Month"))}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}
