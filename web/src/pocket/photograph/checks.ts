/**
 * What can be told of a photograph before it is sent: is it sharp, well lit, free of glare, large
 * enough. Nothing here looks at the mole itself.
 *
 * Sharpness is the variance of the Laplacian (Pech-Pacheco et al., 2000) of the middle of the
 * photograph, where the guide asks for the mole. The limits were chosen on 28 phone photographs of
 * PAD-UFES-20 (Pacheco et al., 2020) at a long side of 768 pixels: all of them are above it (16 to
 * 1750), none is once blurred by a Gaussian of two pixels (2 to 11.5).
 */

/** Judged at this size, whatever the camera's is: the limits mean nothing at another one. */
export const JUDGED_SIDE = 768;

const MIN_SHARPNESS = 12;
const MIN_MEAN = 60;
const MAX_MEAN = 215;
/** Almost white in all three channels: skin never is, a reflection is. */
const BLOWN = 245;
const MAX_BLOWN_SHARE = 0.01;
/** Of the photograph as it was taken, in pixels. */
const MIN_SHORT_SIDE = 480;
/** The middle, in which the mole is: this share of each side. */
const MIDDLE = 0.6;

export const PROBLEMS = ["dark", "bright", "glare", "blurred", "small"] as const;
export type Problem = (typeof PROBLEMS)[number];

/** Pixels as a canvas gives them: four bytes each. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export interface Findings {
  /** In the order in which they are best mended: better light often brings sharpness too. */
  problems: Problem[];
  sharpness: number;
  /** Mean luminance, 0 to 255. */
  mean: number;
  /** Share of blown pixels, 0 to 1. */
  blown: number;
}

/** `taken` is the size of the photograph before it was made smaller for this. */
export function judge(pixels: Pixels, taken: { width: number; height: number }): Findings {
  const middle = middleOf(pixels);
  const grey = greyOf(middle);
  const sharpness = varianceOfLaplacian(grey, middle.width, middle.height);
  const mean = grey.reduce((sum, value) => sum + value, 0) / Math.max(grey.length, 1);
  const blown = shareOfBlown(middle);
  const found: Record<Problem, boolean> = {
    dark: mean < MIN_MEAN,
    bright: mean > MAX_MEAN,
    glare: mean <= MAX_MEAN && blown > MAX_BLOWN_SHARE,
    blurred: sharpness < MIN_SHARPNESS,
    small: Math.min(taken.width, taken.height) < MIN_SHORT_SIDE,
  };
  return { problems: PROBLEMS.filter((each) => found[each]), sharpness, mean, blown };
}

/** The size at which a photograph is judged: never larger than it is. */
export function judgedSize(width: number, height: number): { width: number; height: number } {
  const by = Math.min(1, JUDGED_SIDE / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * by)),
    height: Math.max(1, Math.round(height * by)),
  };
}

function middleOf({ width, height, data }: Pixels): Pixels {
  const wide = Math.max(1, Math.round(width * MIDDLE));
  const high = Math.max(1, Math.round(height * MIDDLE));
  const left = Math.floor((width - wide) / 2);
  const top = Math.floor((height - high) / 2);
  const cut = new Uint8ClampedArray(wide * high * 4);
  for (let row = 0; row < high; row += 1) {
    const from = ((top + row) * width + left) * 4;
    cut.set(data.subarray(from, from + wide * 4), row * wide * 4);
  }
  return { width: wide, height: high, data: cut };
}

/** Luminance by Rec. 709. */
function greyOf({ data }: Pixels): Float32Array {
  const grey = new Float32Array(data.length / 4);
  for (let at = 0; at < grey.length; at += 1) {
    const from = at * 4;
    grey[at] =
      0.2126 * (data[from] ?? 0) + 0.7152 * (data[from + 1] ?? 0) + 0.0722 * (data[from + 2] ?? 0);
  }
  return grey;
}

function varianceOfLaplacian(grey: Float32Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let row = 1; row < height - 1; row += 1) {
    for (let column = 1; column < width - 1; column += 1) {
      const at = row * width + column;
      const around =
        (grey[at - 1] ?? 0) +
        (grey[at + 1] ?? 0) +
        (grey[at - width] ?? 0) +
        (grey[at + width] ?? 0);
      const edge = around - 4 * (grey[at] ?? 0);
      sum += edge;
      squares += edge * edge;
      count += 1;
    }
  }
  if (count === 0) return 0;
  return squares / count - (sum / count) ** 2;
}

function shareOfBlown({ data }: Pixels): number {
  let blown = 0;
  for (let at = 0; at < data.length; at += 4) {
    const least = Math.min(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
    if (least > BLOWN) blown += 1;
  }
  return blown / Math.max(data.length / 4, 1);
}
