/** What is being written of a plan outlives a closed tab: on this device alone, until it is saved. */
import type { PlanDraft } from "./fields";

interface Kept {
  at: string;
  /** The revision that was changed; 0 of a plan that is not saved yet. */
  revision: number;
  draft: PlanDraft;
}

const nameOf = (code: string) => `rodinka.plan.${code}`;

export function keepDraft(code: string, revision: number, draft: PlanDraft): void {
  try {
    const kept: Kept = { at: new Date().toISOString(), revision, draft };
    localStorage.setItem(nameOf(code), JSON.stringify(kept));
  } catch {
    // Storage may be forbidden or full; then the draft lasts as long as the tab.
  }
}

export function keptDraft(code: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(nameOf(code)) ?? "null");
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function forgetDraft(code: string): void {
  try {
    localStorage.removeItem(nameOf(code));
  } catch {
    // As above.
  }
}

/** Whatever an earlier version of the page has kept otherwise is no draft. */
function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null) return false;
  const { at, revision, draft } = value as Partial<Kept>;
  return (
    typeof at === "string" &&
    typeof revision === "number" &&
    typeof draft === "object" &&
    draft !== null &&
    Array.isArray(draft.classes) &&
    Array.isArray(draft.inclusion) &&
    typeof draft.name === "object"
  );
}
