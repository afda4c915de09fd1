/** Up and down move the focus from row to row of a table whose rows are links; Home and End to its ends. */
import type { KeyboardEvent } from "react";

export function useRowKeys() {
  return { onKeyDown: moved };
}

function moved(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const links = Array.from(event.currentTarget.querySelectorAll<HTMLElement>("tbody th a"));
  const at = links.indexOf(document.activeElement as HTMLElement);
  const to = step === 0 ? links[0] : step === Infinity ? links.at(-1) : links[at + step];
  if (!to) return;
  event.preventDefault();
  to.focus();
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: 0,
  End: Infinity,
};
