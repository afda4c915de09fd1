/** Days as they are said to a person: with the year only where it is not this one. */
import { language } from "../language";

export function when(iso: string): string {
  const [year = 0, month = 1, date = 1] = iso.slice(0, 10).split("-").map(Number);
  const day = new Date(year, month - 1, date);
  if (Number.isNaN(day.getTime())) return "";
  const same = day.getFullYear() === new Date().getFullYear();
  const said = new Intl.DateTimeFormat(language(), {
    day: "numeric",
    month: "long",
    ...(same ? {} : { year: "numeric" }),
  }).format(day);
  // The Russian "г." would end a sentence twice.
  return said.replace(/\sг\.$/, "");
}
