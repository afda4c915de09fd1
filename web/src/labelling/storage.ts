/** What of the readers' pages outlives the tab, by account. It tells of no patient. */

export function readKept<Kept>(name: string, account: string): Kept | undefined {
  try {
    return (JSON.parse(localStorage.getItem(keyOf(name, account)) ?? "null") ?? undefined) as
      | Kept
      | undefined;
  } catch {
    return undefined;
  }
}

export function keep(name: string, account: string, kept: unknown): void {
  try {
    if (kept === null) localStorage.removeItem(keyOf(name, account));
    else localStorage.setItem(keyOf(name, account), JSON.stringify(kept));
  } catch {
    // Storage may be full or forbidden; then it lives as long as the tab.
  }
}

function keyOf(name: string, account: string): string {
  return `rodinka.${name}.${account}`;
}
