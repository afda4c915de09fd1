/** A lesion's measurements as points over time. */
import type { TimelineImage } from "../queries";

export type Quantity = "diameter_mm" | "area_mm2" | "diameter_share" | "area_share";

export interface Point {
  imageId: string;
  /** Noon of the day, in milliseconds: a day belongs to no time zone. */
  time: number;
  day: string;
  value: number;
  /** Half of the 95 % interval against another photograph of the lesion. */
  error: number;
  /** The lesion goes on beyond the picture: the value is a lower bound. */
  cut: boolean;
}

/** The points of one quantity, by day; photographs whose own day is not known are left out. */
export function points(images: readonly TimelineImage[], quantity: Quantity): Point[] {
  const found: Point[] = [];
  for (const image of images) {
    const value = sizeOf(image, quantity);
    if (value === null || !image.measurements || image.day_is !== "taken") continue;
    const { relative_error: errors, cut } = image.measurements;
    const part = quantity.startsWith("diameter") ? errors.diameter_repeat : errors.area_repeat;
    const time = Date.parse(`${image.day}T12:00:00Z`);
    if (!Number.isFinite(time) || !Number.isFinite(value)) continue;
    const { image_id: imageId, day } = image;
    found.push({ imageId, time, day, value, error: value * part, cut });
  }
  return found;
}

/** In millimetres only with a scale; otherwise in per cents of the picture's width or area. */
export function sizeOf(image: TimelineImage, quantity: Quantity): number | null {
  const { measurements } = image;
  if (!measurements) return null;
  switch (quantity) {
    case "diameter_mm":
      return measurements.diameter_mm?.value ?? null;
    case "area_mm2":
      return measurements.area_mm2?.value ?? null;
    case "diameter_share":
      return measurements.diameter_widths * 100;
    case "area_share":
      return measurements.area_share * 100;
  }
}

/** The quantities that have something to show, those in millimetres first. */
export function quantities(images: readonly TimelineImage[]): Quantity[] {
  const all: Quantity[] = ["diameter_mm", "area_mm2", "diameter_share", "area_share"];
  const inMm = all.slice(0, 2).filter((each) => points(images, each).length > 1);
  // A share of the picture says something of growth only where the magnification is the same.
  return inMm.length > 0 ? inMm : all.filter((each) => points(images, each).length > 0);
}

const STEPS = [1, 2, 2.5, 5, 10] as const;
const MOST_MARKS = 6;

/** Round values for an axis that shows all from `bottom` to `top`: from nothing up, unless that presses the points together. */
export function marksOf(bottom: number, top: number): number[] {
  const from = bottom > top / 2 ? Math.max(bottom - (top - bottom) / 2, 0) : 0;
  const span = top - from || 1;
  const order = 10 ** Math.floor(Math.log10(span / MOST_MARKS));
  const step = order * (STEPS.find((each) => each * order * MOST_MARKS >= span) ?? 10);
  const first = Math.floor(from / step);
  const last = Math.ceil((top + span / 50) / step);
  return Array.from({ length: last - first + 1 }, (_, at) => rounded((first + at) * step));
}

/** Without the dust of binary fractions. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
