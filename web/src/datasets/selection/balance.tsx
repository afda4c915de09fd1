/** How the units are made up: by class, and within classes by what may matter. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bars } from "../../plots/bars";
import { capital, type Named, useName } from "../names";
import type { Counts } from "./shapes";

export interface ClassTitle {
  key: string;
  title: string;
  wanted?: number | null;
}

/** Units of each class against what was planned. */
export function ClassBalance({
  counts,
  classes,
}: {
  counts: Record<string, number>;
  classes: readonly ClassTitle[];
}) {
  const { t } = useTranslation("datasets");
  const planned = new Set(classes.map((each) => each.key));
  const others = Object.keys(counts).filter((key) => !planned.has(key));
  const shown = [...classes, ...others.map((key) => ({ key, title: key, wanted: null }))];
  return (
    <Bars
      caption={t("selection.byClass")}
      head={{ name: t("selection.class"), value: t("selection.units") }}
      bars={shown.map(({ key, title, wanted }) => {
        const found = counts[key] ?? 0;
        return {
          key,
          name: title,
          parts: [{ key: "units", value: found }],
          wanted,
          said: wanted ? t("selection.ofWanted", { found, wanted }) : undefined,
        };
      })}
    />
  );
}

const DIMENSIONS = [
  "sex",
  "age",
  "site",
  "skin_type",
  "device",
  "verification",
  "rule",
  "image_type",
  "split",
] as const;
const RANKED: readonly string[] = ["age", "skin_type", "verification"];
const RANKS = [
  "low",
  "medium",
  "high",
  "I",
  "I-II",
  "II",
  "III",
  "III-IV",
  "IV",
  "V",
  "V-VI",
  "VI",
];
const CLASSES_AT_MOST = 4;

/** By one dimension at a time; of few classes with each class as a part of the bar. */
export function Balance({ counts, classes }: { counts: Counts; classes: readonly ClassTitle[] }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const there = DIMENSIONS.filter((each) => Object.keys(counts.by[each] ?? {}).length > 0);
  const [chosen, choose] = useState<string>("sex");
  const dimension = there.find((each) => each === chosen) ?? there[0];
  if (!dimension) return null;
  const found = counts.by[dimension] ?? {};
  const told = classes.filter((each) => found[each.key]);
  const parts = told.length <= CLASSES_AT_MOST ? told : [];
  return (
    <div className="balance">
      <label className="field">
        <span>{t("selection.by")}</span>
        <select value={dimension} onChange={(event) => choose(event.target.value)}>
          {there.map((each) => (
            <option key={each} value={each}>
              {nameOf("dimension", each)}
            </option>
          ))}
        </select>
      </label>
      <Bars
        caption={nameOf("dimension", dimension)}
        head={{ name: nameOf("dimension", dimension), value: t("selection.units") }}
        parts={parts.map(({ key, title }) => ({ key, name: title }))}
        bars={valuesOf(dimension, found).map((value) => ({
          key: value,
          name: capital(nameOf(VALUES, value)),
          parts:
            parts.length > 0
              ? parts.map(({ key }) => ({ key, value: found[key]?.[value] ?? 0 }))
              : [{ key: "units", value: totalOf(found, value) }],
        }))}
      />
    </div>
  );
}

const VALUES: Named = "value";

/** Bands and ranks in their order, others the most frequent first; what is not recorded comes last. */
export function valuesOf(
  dimension: string,
  found: Record<string, Record<string, number>>,
): string[] {
  const totals = new Map<string, number>();
  for (const values of Object.values(found)) {
    for (const [value, units] of Object.entries(values)) {
      totals.set(value, (totals.get(value) ?? 0) + units);
    }
  }
  const missing = totals.delete("not_recorded");
  const ranked = RANKED.includes(dimension);
  const order = [...totals.keys()].sort((a, b) =>
    ranked
      ? rankOf(a) - rankOf(b)
      : (totals.get(b) ?? 0) - (totals.get(a) ?? 0) || a.localeCompare(b),
  );
  return missing ? [...order, "not_recorded"] : order;
}

function totalOf(found: Record<string, Record<string, number>>, value: string): number {
  return Object.values(found).reduce((sum, values) => sum + (values[value] ?? 0), 0);
}

function rankOf(value: string): number {
  const years = /^\d+/.exec(value);
  if (years) return Number(years[0]);
  const place = RANKS.indexOf(value);
  return place < 0 ? RANKS.length : place;
}
