/** Two pictures in turn: how fast, and when not. */

/** Changes a second. Two changes are one flash: the fastest is one flash a second, a third of what is safe. */
export const RATES = [0.5, 1, 2] as const;
export type Rate = (typeof RATES)[number];

/** Three flashes a second are the most that WCAG 2.3.1 allows anything on a screen. */
export const MOST_FLASHES = 3;

export function flashesOf(rate: Rate): number {
  return rate / 2;
}

export function pauseOf(rate: Rate): number {
  return 1000 / rate;
}

/** Whether this person asked for less motion; then nothing moves by itself. */
export function stillness(): MediaQueryList {
  return matchMedia("(prefers-reduced-motion: reduce)");
}
