/** Loaded by every page of this part. */
import { addWords } from "../language";
import { en } from "./words.en";
import { ru } from "./words.ru";

addWords("account", { ru, en });
