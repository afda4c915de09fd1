/** Figures as plots and tables write them. */
import { language } from "../language";

/** A number with so many decimals, rounded as usual. */
export function rounded(value: number, digits = 3): string {
  return formatted(value, digits);
}

/**
 * An estimate that a threshold is compared with, rounded down: what is below a threshold never reads as if it
 * were on it.
 */
export function estimate(value: number, digits = 3): string {
  const scale = 10 ** digits;
  return formatted(Math.floor(value * scale + 1e-6) / scale, digits);
}

/** `0,857–0,943`. */
export function interval(low: number, high: number, digits = 3): string {
  return `${rounded(low, digits)}–${rounded(high, digits)}`;
}

/** `0,908 (0,857–0,943)`; without an interval the estimate alone. */
export function withInterval(value: number, low: number | null, high: number | null): string {
  if (low === null || high === null) return estimate(value);
  return `${estimate(value)} (${interval(low, high)})`;
}

/** A count, with the language's own grouping. */
export function whole(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

/** A share of one, in per cents with so many decimals. */
export function share(value: number, digits = 0): string {
  return new Intl.NumberFormat(language(), {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

function formatted(value: number, digits: number): string {
  return new Intl.NumberFormat(language(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
