/**
 * An unfinished survey outlives the tab. The patient code is never kept in it, so it tells of
 * nobody; another account does not get it, and signing out removes it.
 */
import { onLeaving } from "../session/session";
import type { Filled } from "./answers";

const KEPT = "rodinka.draft";

export interface Draft extends Omit<Filled, "code"> {
  account: string;
  /** Patient and lesion, where known: a draft for one is not offered for another. */
  about: string;
}

export function readDraft(account: string, about: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null") as Draft | null;
    return kept?.account === account && kept.about === about ? kept : null;
  } catch {
    return null;
  }
}

export function keepDraft(draft: Draft): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(draft));
  } catch {
    // Storage may be full or forbidden; then the form lives as long as its tab.
  }
}

export function dropDraft(): void {
  try {
    localStorage.removeItem(KEPT);
  } catch {
    // As above.
  }
}

onLeaving(dropDraft);
