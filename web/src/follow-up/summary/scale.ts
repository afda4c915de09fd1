/** A bar of so many millimetres in a picture of known scale. */

const LENGTHS = [0.5, 1, 2, 5, 10, 20, 50] as const;
/** The longest part of the picture's width that a bar takes. */
const MOST = 0.3;

export interface ScaleBar {
  mm: number;
  /** Its length in widths of the picture. */
  share: number;
}

/** The longest round bar that is no longer than a third of the picture; null without a scale. */
export function scaleBar(width: number | null, spacingMm: number | null): ScaleBar | null {
  if (!width || !spacingMm || !(spacingMm > 0)) return null;
  const wide = width * spacingMm;
  const mm = LENGTHS.findLast((each) => each / wide <= MOST);
  return mm === undefined ? null : { mm, share: mm / wide };
}

/** The first, the last and one between, of those that have a picture. */
export function chosenThree<Image>(images: readonly Image[]): Image[] {
  if (images.length <= 3) return [...images];
  const [first, last] = [images[0], images.at(-1)];
  const between = images[Math.floor((images.length - 1) / 2)];
  return [first, between, last].filter((each) => each !== undefined);
}
