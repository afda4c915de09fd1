/** What two revisions of a plan have differently, field by field. */
import { objectOf } from "../../api/loose";

export interface Change {
  /** The name of the field, and within lists and groups that of its part. */
  field: string;
  was: string;
  became: string;
}

/** Lists of conditions are compared as a whole, since they are read as sentences. */
const WHOLE: readonly string[] = ["inclusion", "non_inclusion", "exclusion"];

export function changesBetween(before: object, after: object): Change[] {
  const [was, became] = [objectOf(before), objectOf(after)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(became)])];
  return names.flatMap((name) => changes(name, was[name], became[name]));
}

function changes(field: string, was: unknown, became: unknown): Change[] {
  if (JSON.stringify(was) === JSON.stringify(became)) return [];
  if (!WHOLE.includes(field) && isComposed(was) && isComposed(became)) {
    const names = [...new Set([...Object.keys(was), ...Object.keys(became)])];
    const part = (of: Record<string, unknown>, name: string) => of[name];
    return names.flatMap((name) =>
      changes(`${field}.${name}`, part(was, name), part(became, name)),
    );
  }
  return [{ field, was: said(was), became: said(became) }];
}

/** An object, or a list of objects; lists of plain values are read as a whole. */
function isComposed(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) || value.some((each) => typeof each === "object");
}

function said(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(said).join(", ");
  if (typeof value === "object") {
    return Object.values(value).map(said).filter(Boolean).join("; ");
  }
  return String(value);
}
