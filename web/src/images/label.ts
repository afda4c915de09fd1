/** A label as it is stored on an image: a record of the API's without a fixed shape. */
export const LEVELS = ["low", "medium", "high"] as const;
export const RULES = [
  "two_agree",
  "arbitration",
  "disputed",
  "histology",
  "follow_up",
  "document",
] as const;

export interface Label {
  diagnosis: string;
  verification: (typeof LEVELS)[number] | null;
  rule: (typeof RULES)[number] | null;
  retrospective: boolean;
}

/** What is known of it; null where it names no diagnosis. */
export function labelOf(stored: Readonly<Record<string, unknown>> | null): Label | null {
  if (!stored || typeof stored.diagnosis !== "string") return null;
  return {
    diagnosis: stored.diagnosis,
    verification: oneOf(LEVELS, stored.verification),
    rule: oneOf(RULES, stored.rule),
    retrospective: stored.retrospective === true,
  };
}

function oneOf<Word extends string>(words: readonly Word[], said: unknown): Word | null {
  return words.find((each) => each === said) ?? null;
}
