/** What may be said of a report, as the form holds it and as the API takes it. */
import type { Schemas } from "../../api/contract";
import type { Histology } from "../queries";

export type Form = Schemas["HistologyForm"];
type Correction = Schemas["CorrectionForm"];

/** Every field as the form's text; nothing said is "". */
export interface Entered {
  diagnosis: string;
  reported_on: string;
  icd10: string;
  method: string;
  margins: string;
  breslow_mm: string;
  clark_level: string;
  ulceration: "" | "yes" | "no";
  mitotic_rate: string;
  pt_stage: string;
}

export const NOTHING: Entered = {
  diagnosis: "",
  reported_on: "",
  icd10: "",
  method: "",
  margins: "",
  breslow_mm: "",
  clark_level: "",
  ulceration: "",
  mitotic_rate: "",
  pt_stage: "",
};

export const FIELDS = Object.keys(NOTHING) as (keyof Entered)[];
const OF_MELANOMA = [
  "breslow_mm",
  "clark_level",
  "ulceration",
  "mitotic_rate",
  "pt_stage",
] as const;
/** Ways that take the lesion out, so that there are margins to look at. */
const CUT_OUT: readonly string[] = ["excision", "shave"];

export function enteredOf(result: Histology): Entered {
  const text = (value: string | number | null) => (value === null ? "" : String(value));
  return {
    diagnosis: result.diagnosis,
    reported_on: result.reported_on,
    icd10: text(result.icd10),
    method: text(result.method),
    margins: text(result.margins),
    breslow_mm: text(result.breslow_mm),
    clark_level: text(result.clark_level),
    ulceration: result.ulceration === null ? "" : result.ulceration ? "yes" : "no",
    mitotic_rate: text(result.mitotic_rate),
    pt_stage: text(result.pt_stage),
  };
}

/** Whether a field has a meaning beside what else is entered. */
export function asked(field: keyof Entered, { diagnosis, method }: Entered): boolean {
  if ((OF_MELANOMA as readonly string[]).includes(field)) return diagnosis === "melanoma";
  return field !== "margins" || CUT_OUT.includes(method);
}

/** The body of a new result: what was said, and nothing of fields that have no meaning here. */
export function toSend(entered: Entered): Form {
  const told = Object.fromEntries(
    FIELDS.map((field) => [field, entryOf(field, entered)]).filter(([, value]) => value !== null),
  );
  // Values that are no words of the API's are refused there, each with its sentence.
  return told as unknown as Form;
}

/** The values of a correction: those that differ; null takes one away. */
export function toCorrect(before: Entered, entered: Entered, reason: string): Correction {
  const changed = FIELDS.filter((field) => entryOf(field, before) !== entryOf(field, entered));
  const values = Object.fromEntries(changed.map((field) => [field, entryOf(field, entered)]));
  return { ...values, reason } as Correction;
}

function entryOf(field: keyof Entered, entered: Entered): string | number | boolean | null {
  const said = entered[field].trim();
  if (said === "" || !asked(field, entered)) return null;
  if (field === "ulceration") return said === "yes";
  if (field === "breslow_mm" || field === "mitotic_rate") {
    const number = Number(said.replace(",", "."));
    return Number.isFinite(number) ? number : said;
  }
  return field === "icd10" ? said.toUpperCase() : said;
}
