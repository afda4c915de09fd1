/** The words of the curator's overview, cases and experts in Russian; the English ones have the same keys. */
import { cases } from "./words/cases.ru";
import { duplicates } from "./words/duplicates.ru";
import { experts } from "./words/experts.ru";
import { imports } from "./words/imports.ru";
import { looks } from "./words/looks.ru";
import { overview } from "./words/overview.ru";

export const ru = {
  cases,
  duplicates,
  experts,
  imports,
  looks,
  overview,
  keys: { open: "Клавиши", title: "Клавиши этой страницы", space: "Пробел" },
};
