/** Lengths with their doubt, as the chosen language writes them. */
import { language } from "../../language";

export function millimetres(mm: number, error: number | null, signed = false): string {
  const write = (value: number, sign?: "exceptZero") =>
    new Intl.NumberFormat(language(), {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
      signDisplay: sign ?? "auto",
    }).format(value);
  const unit = language() === "ru" ? "мм" : "mm";
  const doubt = typeof error === "number" ? `\u00a0±\u00a0${write(Math.abs(error))}` : "";
  return `${write(mm, signed ? "exceptZero" : undefined)}${doubt}\u00a0${unit}`;
}
