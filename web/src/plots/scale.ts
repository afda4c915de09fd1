/** Where a value lies across a plot. */

export interface Domain {
  from: number;
  to: number;
}

/** From 0 to 100 across; what lies outside is put on the edge. */
export function across(value: number, { from, to }: Domain): number {
  if (to <= from) return 0;
  return Math.min(100, Math.max(0, (100 * (value - from)) / (to - from)));
}

/** A domain of round tenths that has all the values, within `most`. */
export function domainOf(values: readonly number[], most: Domain): Domain {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return most;
  const from = Math.floor(Math.min(...known) * 10 + 1e-9) / 10;
  const to = Math.ceil(Math.max(...known) * 10 - 1e-9) / 10;
  const within = { from: Math.max(most.from, from), to: Math.min(most.to, to) };
  return within.from < within.to ? within : most;
}

/** Round ticks of a domain, its ends among them: every tenth, or fewer where there are many. */
export function ticksOf({ from, to }: Domain, step = 0.1): number[] {
  const number = Math.round((to - from) / step);
  const every = number > 6 ? 2 : 1;
  return Array.from({ length: number + 1 }, (_, place) => from + place * step)
    .filter((_, place) => place % every === 0)
    .map((tick) => Math.round(tick * 1000) / 1000);
}
