/**
 * A patient code on its way from the search to the form. It waits in memory alone: an address, a
 * history entry and a draft would keep what must not be kept.
 */
let waiting: string | null = null;

export function handOver(code: string): void {
  waiting = code;
}

/** Looked at while a form is made, which may happen twice; `forget` ends it. */
export function handedOver(): string {
  return waiting ?? "";
}

export function forget(): void {
  waiting = null;
}
