/** Figures with their doubt, and spans of time, as the chosen language writes them. */
import { language } from "../language";
import type { Figure, Share } from "./shapes";

const NOTHING = "—";
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A coefficient between −1 and 1 with two digits. */
export function coefficient(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  const two = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(language(), two).format(value).replace("-", "\u2212");
}

/** A share of one in per cents; one digit below ten per cent, where a whole number hides too much. */
export function share(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  const digits = value > 0 && value < 0.0995 ? 1 : 0;
  return new Intl.NumberFormat(language(), {
    style: "percent",
    maximumFractionDigits: digits,
  }).format(value);
}

/** The ends of a 95 % interval, or nothing where there is none. */
export function ends(
  figure: Pick<Figure, "low" | "high">,
  written: (value: number) => string,
): string {
  const { low, high } = figure;
  if (low === null || high === null) return "";
  // Nothing breaks the line within it: the joiner forbids what a dash allows.
  return `${written(low)}\u202f–\u2060\u202f${written(high)}`;
}

/** "18 из 22" without the word: who reads it out has the column's name. */
export function outOf({ count, of }: Pick<Share, "count" | "of">, between: string): string {
  const whole = new Intl.NumberFormat(language());
  return `${whole.format(count)}\u00a0${between}\u00a0${whole.format(of)}`;
}

export function whole(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

/** A span of time by its largest unit: "5 минут", "3 часа", "12 дней". */
export function span(seconds: number): string {
  if (!Number.isFinite(seconds)) return NOTHING;
  const past = Math.max(seconds, 0);
  if (past < MINUTE) return unit(Math.round(past), "second");
  if (past < HOUR) return unit(Math.round(past / MINUTE), "minute");
  if (past < 2 * DAY) return unit(Math.round(past / HOUR), "hour");
  return unit(Math.floor(past / DAY), "day");
}

/** Seconds of one reading: with a digit where it says something. */
export function seconds(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  const digits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit: "second",
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** The end of an opaque id, enough to tell it from its neighbours. */
export function tail(id: string): string {
  return id.slice(-6);
}

function unit(value: number, name: "second" | "minute" | "hour" | "day"): string {
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit: name,
    unitDisplay: "long",
  })
    .format(value)
    .replace(" ", "\u00a0");
}
