/** Where photographs lie on one another. Lengths are in widths of the reference picture. */
import type { TimelineImage } from "../queries";

export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Laid {
  /** For SVG's `transform`: from the picture's own widths to those of the frame. */
  matrix: readonly [number, number, number, number, number, number];
  /** The picture's height in its own widths. */
  height: number;
  /** The outline in the frame, if there is one. */
  outline: readonly (readonly [number, number])[] | null;
}

/** What is drawn around a lesion in a close-up, as a part of its size. */
const MARGIN = 0.3;
const ASPECT = 4 / 3;

/** Height over width; of a picture whose size is unknown, that of most cameras. */
export function heightOf(image: Pick<TimelineImage, "width" | "height">): number {
  return image.width && image.height ? image.height / image.width : 1 / ASPECT;
}

/** Whether both lie on the timeline's reference, so that they can be compared point by point. */
export function aligned(one: TimelineImage, other: TimelineImage): boolean {
  return one.alignment !== null && other.alignment !== null;
}

/** As the API lays it on the reference, or whole in the middle of the frame. */
export function lay(image: TimelineImage, frame: Frame, byAlignment: boolean): Laid {
  const height = heightOf(image);
  const matrix = byAlignment && image.alignment ? image.alignment.matrix : fitted(height, frame);
  const outline = image.outline && image.outline.length > 2 ? image.outline : null;
  return {
    matrix,
    height,
    outline: outline?.map(([x, y]) => placed(matrix, x, y * height)) ?? null,
  };
}

function fitted(height: number, frame: Frame): Laid["matrix"] {
  const scale = Math.min(frame.width, frame.height / height);
  const left = frame.x + (frame.width - scale) / 2;
  const top = frame.y + (frame.height - scale * height) / 2;
  return [scale, 0, 0, scale, left, top];
}

function placed(matrix: Laid["matrix"], x: number, y: number): [number, number] {
  const [a, b, c, d, e, f] = matrix;
  return [a * x + c * y + e, b * x + d * y + f];
}

/** The whole of a picture. */
export function whole(height: number): Frame {
  return { x: 0, y: 0, width: 1, height };
}

/** Both lesions with some skin around them; the whole frame where no outline is known. */
export function closeUp(laid: readonly Laid[], frame: Frame): Frame {
  const points = laid.flatMap((each) => each.outline ?? []);
  if (points.length === 0) return frame;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const size = Math.max(right - left, (bottom - top) * ASPECT) * (1 + 2 * MARGIN);
  const width = Math.min(size, frame.width);
  const height = Math.min(width / ASPECT, frame.height);
  return {
    x: within((left + right - width) / 2, frame.x, frame.x + frame.width - width),
    y: within((top + bottom - height) / 2, frame.y, frame.y + frame.height - height),
    width,
    height,
  };
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

/** The two to compare first: the earliest and the latest of the kind that is measured, if there are two. */
export function firstPair(
  images: readonly TimelineImage[],
): readonly [TimelineImage, TimelineImage] | null {
  const shown = images.filter((each) => each.urls.image);
  const alike = shown.filter((each) => each.alignment !== null);
  const through = shown.filter((each) => each.kind === "dermoscopic");
  for (const several of [alike, through, shown]) {
    const [first, last] = [several[0], several.at(-1)];
    if (first && last && first !== last) return [first, last];
  }
  return null;
}
