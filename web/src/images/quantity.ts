/** Measured values with their doubt, written to as many places as the doubt leaves meaning. */
import { language } from "../language";

export interface Measured {
  value: number;
  error: number;
}

const NARROW = "\u202f";
const SPACE = "\u00a0";

/** "5,2 ± 0,3 мм": an error has one digit, two when it begins with a one. */
export function measured({ value, error }: Measured, unit: string): string {
  const places = placesOf(error);
  return `${number(value, places)}${NARROW}±${NARROW}${number(error, places)}${SPACE}${unit}`;
}

/** "+0,4 ± 0,3 мм": a difference always has its sign. */
export function difference({ value, error }: Measured, unit: string): string {
  const places = placesOf(error);
  const sign = Number(value.toFixed(places)) > 0 ? "+" : "";
  return sign + measured({ value, error }, unit);
}

/** A share of one as per cents with their doubt: "+12 ± 5 %". */
export function relative({ value, error }: Measured): string {
  return difference({ value: value * 100, error: error * 100 }, "%");
}

/** A plain number with its unit. */
export function amount(value: number, places: number, unit: string): string {
  return `${number(value, places)}${SPACE}${unit}`;
}

function placesOf(error: number): number {
  if (!(error > 0) || !Number.isFinite(error)) return 1;
  const order = Math.floor(Math.log10(error));
  const leading = error / 10 ** order;
  return Math.min(Math.max(leading < 2 ? 1 - order : -order, 0), 4);
}

function number(value: number, places: number): string {
  // A real minus sign, as in print.
  return new Intl.NumberFormat(language(), {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    signDisplay: "negative",
  })
    .format(value)
    .replace("-", "\u2212");
}
