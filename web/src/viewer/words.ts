/** Loaded with the viewer. */
import { addWords } from "../language";
import { en } from "./words.en";
import { ru } from "./words.ru";

addWords("viewer", { ru, en });
