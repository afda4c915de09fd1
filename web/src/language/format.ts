/** Dates, numbers and counted things as the chosen language writes them. */
import { language } from "./index";

/** A day given as YYYY-MM-DD, which belongs to no time zone. */
export function day(iso: string): string {
  const [year = 0, month = 1, date = 1] = iso.slice(0, 10).split("-").map(Number);
  return format(new Date(year, month - 1, date), { dateStyle: "long" });
}

/** The same where there is little room. */
export function dayInBrief(iso: string): string {
  const [year = 0, month = 1, date = 1] = iso.slice(0, 10).split("-").map(Number);
  const russian = { day: "2-digit", month: "2-digit", year: "numeric" } as const;
  const english = { day: "numeric", month: "short", year: "numeric" } as const;
  return format(new Date(year, month - 1, date), language() === "ru" ? russian : english);
}

/** A moment given in UTC, in the reader's time zone. */
export function moment(iso: string): string {
  return format(new Date(iso), { dateStyle: "medium", timeStyle: "short" });
}

/** Day, month and time of a moment in the near future. */
export function deadline(iso: string): string {
  return format(new Date(iso), {
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** A share of one as whole per cents; almost nothing and almost all are said so. */
export function percent(share: number): string {
  const whole = new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 });
  if (share > 0 && share < 0.01) return `<\u00a0${whole.format(0.01)}`;
  if (share > 0.99 && share < 1) return `>\u00a0${whole.format(0.99)}`;
  return whole.format(share);
}

export function megabytes(bytes: number): string {
  const unit = language() === "ru" ? "МБ" : "MB";
  const amount = new Intl.NumberFormat(language(), { maximumFractionDigits: 1 });
  return `${amount.format(bytes / 1024 / 1024)}\u00a0${unit}`;
}

interface Counted {
  one: string;
  few: string;
  many: string;
  other: string;
}

/** "1 снимок", "2 снимка", "5 снимков". */
export function counted(count: number, words: Counted): string {
  const form = new Intl.PluralRules(language()).select(count);
  const word = form === "one" || form === "few" || form === "many" ? words[form] : words.other;
  return `${new Intl.NumberFormat(language()).format(count)}\u00a0${word}`;
}

/** Today in the reader's time zone, as YYYY-MM-DD. */
export function today(): string {
  return localDay(new Date());
}

/** The day of a moment in the reader's time zone, as YYYY-MM-DD. */
export function localDay(moment: Date): string {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 10);
}

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(language(), options).format(date);
}
