/** The name of anything that a plan, a selection or a release says by a key. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { vocabulariesQuery } from "../api/queries";
import { labelOf } from "../language";
import type { names } from "./names.ru";

export type Named = Exclude<keyof typeof names, "units" | "images" | "patients" | "lesions">;
export type CountedName = Extract<keyof typeof names, "units" | "images" | "patients" | "lesions">;

/** By its key; what has no name of its own (a device, an age band, a named split) is its own name. */
export function useName(): (of: Named, key: string) => string {
  const { t } = useTranslation("datasets");
  return (of, key) => {
    const known: Readonly<Record<string, string>> = t(`names.${of}`, { returnObjects: true });
    return Object.hasOwn(known, key) ? (known[key] ?? key) : withRange(key);
  };
}

/** The name of one of the nine classes; its key until the vocabulary is there. */
export function useDiagnosisName(): (key: string) => string {
  const words = useQuery(vocabulariesQuery).data;
  return (key) => {
    const found = words?.classes.find((each) => each.key === key);
    return found ? labelOf(found.labels) : key;
  };
}

/** With a capital first letter, as a heading or a choice begins. */
export function capital(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}

/** `60-79` is a range, not a subtraction. */
function withRange(key: string): string {
  return /^(\d+-\d+|[IV]+-[IV]+)$/.test(key) ? key.replace("-", "–") : key;
}
