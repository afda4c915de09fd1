/** A new version while it is being written; kept in the browser until it is published. */
import type { NewProtocol, Protocol } from "./shapes";

export interface Both {
  ru: string;
  en: string;
}

export interface Draft {
  title: Both;
  instruction: Both;
  changes: Both;
  signs: Record<string, Both[]>;
  /** Ids as they are typed, with spaces between. */
  examples: Record<string, string>;
}

const NOTHING: Both = { ru: "", en: "" };

/** What is new begins empty; everything else as the former version has it. */
export function draftAfter(former: Protocol, classes: readonly string[]): Draft {
  return {
    title: { ...former.title },
    instruction: { ...former.instruction },
    changes: { ...NOTHING },
    signs: Object.fromEntries(
      classes.map((key) => {
        const signs = (former.signs[key] ?? []).map((sign) => ({ ...sign }));
        return [key, signs.length > 0 ? signs : [{ ...NOTHING }]];
      }),
    ),
    examples: Object.fromEntries(classes.map((key) => [key, ""])),
  };
}

export function protocolOf(draft: Draft, after: number): NewProtocol {
  const examples = Object.entries(draft.examples).map(
    ([key, typed]) => [key, idsOf(typed)] as const,
  );
  return {
    after,
    title: draft.title,
    instruction: draft.instruction,
    changes: draft.changes,
    signs: draft.signs,
    examples: Object.fromEntries(examples.filter(([, ids]) => ids.length > 0)),
  };
}

export function idsOf(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter(Boolean);
}

const KEPT = "rodinka.protocol";

export function keep(after: number, draft: Draft | null): void {
  try {
    if (draft) localStorage.setItem(KEPT, JSON.stringify({ after, draft }));
    else localStorage.removeItem(KEPT);
  } catch {
    // Storage may be forbidden; then the draft lives as long as the page.
  }
}

/** What was kept of a version that follows the same one. */
export function kept(after: number, empty: Draft): Draft {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "null") as {
      after?: unknown;
      draft?: unknown;
    } | null;
    return found?.after === after && isDraft(found.draft) ? { ...empty, ...found.draft } : empty;
  } catch {
    return empty;
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  return ["title", "instruction", "changes", "signs", "examples"].every(
    (key) => typeof (value as Record<string, unknown>)[key] === "object",
  );
}
