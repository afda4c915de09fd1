/** A results file as services write it, JSON or CSV, made into what the API takes; and a list of units for them to read. */
import { listOf, objectOrNull } from "../../api/loose";
import { MOST_UNITS, type Unit } from "../queries";

export type WhyUnreadable =
  | { why: "json" | "shape" | "empty" | "header" }
  | { why: "number"; line: number; column: string }
  | { why: "large"; most: number };

/** Why a file is no results file at all; what its results say is judged by the API. */
export class Unreadable extends Error {
  constructor(readonly reason: WhyUnreadable) {
    super(reason.why);
    this.name = "Unreadable";
  }
}

/** Throws `Unreadable`. */
export function resultsIn(text: string): unknown[] {
  const written = text.replace(/^\ufeff/, "").trim();
  const results = /^[[{]/.test(written) ? fromJson(written) : fromCsv(written);
  if (results.length === 0) throw new Unreadable({ why: "empty" });
  if (results.length > MOST_UNITS) throw new Unreadable({ why: "large", most: MOST_UNITS });
  return results;
}

function fromJson(text: string): unknown[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new Unreadable({ why: "json" });
  }
  const results = Array.isArray(read) ? read : objectOrNull(read)?.results;
  if (!Array.isArray(results)) throw new Unreadable({ why: "shape" });
  return [...listOf(results)];
}

const OWN_COLUMNS: readonly string[] = [
  "unit_id",
  "image_url",
  "content_type",
  "refused",
  "reason",
];
const YES: readonly string[] = ["true", "1", "yes"];

function fromCsv(text: string): unknown[] {
  const [head = [], ...lines] = rowsOf(text);
  const names = head.map((name) => name.trim());
  if (!names.includes("unit_id")) throw new Unreadable({ why: "header" });
  return lines.map((cells, place) => {
    const cell = (name: string) => (cells[names.indexOf(name)] ?? "").trim();
    const unit_id = cell("unit_id");
    if (YES.includes(cell("refused").toLowerCase())) {
      const reason = cell("reason");
      return reason ? { unit_id, refused: true, reason } : { unit_id, refused: true };
    }
    const probabilities: Record<string, number> = {};
    for (const name of names) {
      if (OWN_COLUMNS.includes(name) || !name) continue;
      const typed = cell(name);
      const value = Number(typed.replace(",", "."));
      // The first line is the head, and lines are counted from 1.
      if (!typed || !Number.isFinite(value))
        throw new Unreadable({ why: "number", line: place + 2, column: name });
      probabilities[name] = value;
    }
    return { unit_id, probabilities };
  });
}

/** Cells by RFC 4180; divided by semicolons where the first line is. */
function rowsOf(text: string): string[][] {
  const first = text.split("\n", 1)[0] ?? "";
  const divider = first.includes(";") ? ";" : ",";
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === divider) {
      row.push(cell);
      cell = "";
    } else if (sign === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
    } else if (sign !== "\r") cell += sign;
  }
  rows.push([...row, cell]);
  return rows.filter((cells) => cells.some((each) => each.trim()));
}

/** The list of units as a service reads it: its own columns, and one for each class, to be filled in. */
export function listOfUnits(units: readonly Unit[], classes: readonly string[]): string {
  const head = ["unit_id", "image_url", "content_type", ...classes, "refused", "reason"];
  const lines = units.map((unit) => [unit.unit_id, unit.image_url, unit.content_type].map(cellOf));
  return [
    head.join(","),
    ...lines.map((cells) => [...cells, ...classes.map(() => ""), "", ""].join(",")),
  ].join("\r\n");
}

function cellOf(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export interface FileFault {
  /** The unit it is about; empty where it is about the whole file. */
  unit: string;
  /** The API's own path: places in the list count from 0. */
  path: string;
  sentence: string;
}

/** What the API says is wrong in a results file, in the order of its lines. */
export function faultsOfFile(
  fields: Readonly<Record<string, string>>,
  results: readonly unknown[],
): FileFault[] {
  const placed = Object.entries(fields).map(([path, sentence]) => {
    const [first, second = ""] = path.split(".");
    const place = first === "results" && second ? Number(second) : -1;
    const told = objectOrNull(results[place])?.unit_id;
    const unit = first === "missing" ? second : typeof told === "string" ? told : "";
    return { place, unit, path, sentence };
  });
  placed.sort((a, b) => a.place - b.place);
  return placed.map(({ unit, path, sentence }) => ({ unit, path, sentence }));
}
