/** Wilson's interval of a proportion (1927), at 95 %: what the reports themselves use. */
const Z = 1.959964;

/** Of `count` out of `of`; the whole range where nothing was counted. */
export function wilson(count: number, of: number): { low: number; high: number } {
  if (of <= 0) return { low: 0, high: 1 };
  const p = count / of;
  const z2 = (Z * Z) / of;
  const middle = (p + z2 / 2) / (1 + z2);
  const half = (Z / (1 + z2)) * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
