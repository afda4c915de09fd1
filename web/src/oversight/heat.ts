/** Pairs of readings as a table: every class that was ever named, and how often two were named together. */
import type { ConfusedPair } from "./shapes";

export interface Heat {
  labels: string[];
  /** By row and column; the half below the diagonal says the same and is left out. */
  cells: { row: string; column: string; cases: number; level: number; agree: boolean }[][];
}

/** Shades a cell may have beside none. */
export const LEVELS = 5;

export function heatOf(pairs: readonly ConfusedPair[], order: readonly string[]): Heat {
  const named = new Set(pairs.flatMap(({ one, other }) => [one, other]));
  const labels = [
    ...order.filter((label) => named.has(label)),
    ...[...named].filter((label) => !order.includes(label)),
  ];
  const counts = new Map<string, number>();
  for (const { one, other, cases } of pairs) {
    const key = keyOf(labels, one, other);
    counts.set(key, (counts.get(key) ?? 0) + cases);
  }
  const most = Math.max(1, ...counts.values());
  const cells = labels.map((row, from) =>
    labels.slice(from).map((column) => {
      const cases = counts.get(keyOf(labels, row, column)) ?? 0;
      return { row, column, cases, level: levelOf(cases, most), agree: row === column };
    }),
  );
  return { labels, cells };
}

/** By the logarithm: a class that is rare is seen too. */
export function levelOf(cases: number, most: number): number {
  if (cases <= 0) return 0;
  if (most <= 1) return LEVELS;
  return 1 + Math.round(((LEVELS - 1) * Math.log(cases)) / Math.log(most));
}

function keyOf(labels: readonly string[], one: string, other: string): string {
  const [first, second] =
    labels.indexOf(one) <= labels.indexOf(other) ? [one, other] : [other, one];
  return `${first} ${second}`;
}
