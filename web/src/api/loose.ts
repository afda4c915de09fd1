/** Reading what the API describes as an open object: whatever is not as it should be is simply not there. */
import type { Labels } from "./contract";

export type Loose = Readonly<Record<string, unknown>>;

const NOTHING: Loose = {};

export function objectOf(value: unknown): Loose {
  return isObject(value) ? value : NOTHING;
}

export function objectOrNull(value: unknown): Loose | null {
  return isObject(value) ? value : null;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function objectsOf(value: unknown): Loose[] {
  return listOf(value).filter(isObject);
}

export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function countOf(value: unknown): number {
  return numberOf(value) ?? 0;
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A text in both languages; the same one where there is one alone. */
export function labelsOf(value: unknown): Labels {
  const { ru, en } = objectOf(value);
  return { ru: textOf(ru) || textOf(en), en: textOf(en) || textOf(ru) };
}

/** Numbers by their names. */
export function numbersOf(value: unknown): Record<string, number> {
  const found = Object.entries(objectOf(value)).flatMap(([key, each]) => {
    const number = numberOf(each);
    return number === null ? [] : [[key, number] as const];
  });
  return Object.fromEntries(found);
}

function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
