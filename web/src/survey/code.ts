/** The patient code: the last 4 digits of the SNILS and the date of birth, DDMMYYYY. */

export interface Birth {
  year: number;
  month: number;
  day: number;
}

/** What may be typed between the digits for the eye's sake. */
export function digits(typed: string): string {
  return typed.replace(/[\s.-]/g, "");
}

/** The date of birth in a code; null while it is no code. */
export function birthOf(typed: string): Birth | null {
  const found = /^\d{4}(\d{2})(\d{2})(\d{4})$/.exec(digits(typed));
  if (!found) return null;
  const [day = 0, month = 0, year = 0] = found.slice(1).map(Number);
  const date = new Date(year, month - 1, day);
  const real =
    date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return real ? { year, month, day } : null;
}

/** Age in whole years on a day given as YYYY-MM-DD; null when it is before the birth. */
export function ageOn(birth: Birth, iso: string): number | null {
  const [year = 0, month = 0, day = 0] = iso.split("-").map(Number);
  if (!year) return null;
  const beforeBirthday = month < birth.month || (month === birth.month && day < birth.day);
  const age = year - birth.year - (beforeBirthday ? 1 : 0);
  return age >= 0 ? age : null;
}
