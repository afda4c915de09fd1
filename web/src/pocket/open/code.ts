/** The one-time code as people bring it: from the address, typed in any case, with or without groups. */

const LENGTH = 16;
const GROUP = 4;
/** Letters that a Russian keyboard gives where a Latin one of the same look was meant. */
const RUSSIAN = "АВСЕНКМРТХУ";
const LATIN = "ABCEHKMPTXY";

/** Its letters and digits alone, as the system writes them. */
export function lettersOf(typed: string): string {
  return Array.from(typed.toUpperCase())
    .map((letter) => LATIN[RUSSIAN.indexOf(letter)] ?? letter)
    .join("")
    .replace(/[^0-9A-Z]/g, "")
    .slice(0, LENGTH);
}

/** In groups, as it is printed. */
export function grouped(typed: string): string {
  return (
    lettersOf(typed)
      .match(new RegExp(`.{1,${GROUP}}`, "g"))
      ?.join("-") ?? ""
  );
}

export function isWhole(typed: string): boolean {
  return lettersOf(typed).length === LENGTH;
}

/** The code behind `#`; nothing where the address was cut or changed beyond reading. */
export function codeInAddress(hash: string): string {
  try {
    return grouped(decodeURIComponent(hash.replace(/^#/, "")));
  } catch {
    return "";
  }
}

/** Where the cursor stands after the field was grouped anew: behind as many letters as before. */
export function cursorAfter(typed: string, cursor: number): number {
  const before = lettersOf(typed.slice(0, cursor)).length;
  return before + Math.max(0, Math.ceil(before / GROUP) - 1);
}
