/** The two languages: the browser's choice at first, the person's own from then on. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Labels } from "../api/contract";
import { en } from "./en";
import type { PartWords } from "./parts";
import { ru, type Words } from "./ru";

export type Language = "ru" | "en";
const KEPT = "rodinka.language";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "words";
    resources: { words: Words } & PartWords;
  }
}

/** The language of the pages and of what the API is asked to say. */
export function language(): Language {
  return i18next.language === "en" ? "en" : "ru";
}

export function labelOf(labels: Labels): string {
  return labels[language()];
}

export async function switchLanguage(to: Language): Promise<void> {
  await i18next.changeLanguage(to);
  document.documentElement.lang = to;
  try {
    localStorage.setItem(KEPT, to);
  } catch {
    // Storage may be forbidden; then the choice lasts until the tab is closed.
  }
}

function first(): Language {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // As above.
  }
  const wished = [kept, ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return (wished.find((tag) => tag === "ru" || tag === "en") as Language | undefined) ?? "ru";
}

const chosen = first();
document.documentElement.lang = chosen;
void i18next.use(initReactI18next).init({
  showSupportNotice: false,
  lng: chosen,
  fallbackLng: "ru",
  defaultNS: "words",
  resources: { ru: { words: ru }, en: { words: en } },
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  returnNull: false,
  initAsync: false,
});

/**
 * The words of a part of the pages, which come with its own files: `parts.ts` says which parts
 * there are, so that `useTranslation("<part>")` knows them.
 */
export function addWords<Part extends keyof PartWords>(
  part: Part,
  words: Record<Language, PartWords[Part]>,
): void {
  i18next.addResourceBundle("ru", part, words.ru);
  i18next.addResourceBundle("en", part, words.en);
}
