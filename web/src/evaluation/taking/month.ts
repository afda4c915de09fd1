/** How many of a month's tests are begun: months are those of UTC, as for the API. */

export function begunThisMonth(tests: readonly { created_at: string }[], now: Date): number {
  const month = now.toISOString().slice(0, 7);
  return tests.filter((each) => each.created_at.startsWith(month)).length;
}
