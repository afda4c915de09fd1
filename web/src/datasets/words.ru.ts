/** The words of the pages of datasets in Russian; the English ones have the same keys. */
import { names } from "./names.ru";
import { plan } from "./plan/words.ru";
import { registry } from "./registry/words.ru";
import { releases } from "./releases/words.ru";
import { selection } from "./selection/words.ru";

export const ru = { names, plan, registry, releases, selection };
