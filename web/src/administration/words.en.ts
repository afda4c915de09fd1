import type { ru } from "./words.ru";

export const en: typeof ru = {
  title: "Administration",
};
