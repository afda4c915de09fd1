import { names } from "./names.en";
import { plan } from "./plan/words.en";
import { registry } from "./registry/words.en";
import { releases } from "./releases/words.en";
import { selection } from "./selection/words.en";
import type { ru } from "./words.ru";

export const en: typeof ru = { names, plan, registry, releases, selection };
