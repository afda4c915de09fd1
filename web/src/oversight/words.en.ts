import { cases } from "./words/cases.en";
import { duplicates } from "./words/duplicates.en";
import { experts } from "./words/experts.en";
import { imports } from "./words/imports.en";
import { looks } from "./words/looks.en";
import { overview } from "./words/overview.en";
import type { ru } from "./words.ru";

export const en: typeof ru = {
  cases,
  duplicates,
  experts,
  imports,
  looks,
  overview,
  keys: { open: "Keys", title: "Keys of this page", space: "Space" },
};
