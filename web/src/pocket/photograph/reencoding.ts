/**
 * A photograph as it is sent: drawn anew, so that nothing travels with it that a phone writes into
 * its files (place, time, the phone's own number), and no larger than a reader can use.
 */

/** Of the long side, in pixels: a mole of 2 mm in a frame of 15 cm still has thirty across. */
const LONGEST = 2400;
const QUALITY = 0.92;
const PREVIEW_SIDE = 160;

export interface Encoded {
  bytes: ArrayBuffer;
  contentType: "image/jpeg";
  width: number;
  height: number;
  /** A small picture for lists of what waits, as an address that needs no request. */
  preview: string;
}

/** The picture that a file or the camera gives, upright. Rejects where it is none. */
export function opened(file: Blob): Promise<ImageBitmap> {
  return createImageBitmap(file, { imageOrientation: "from-image" });
}

export async function encoded(photograph: ImageBitmap): Promise<Encoded> {
  const canvas = drawnAt(photograph, LONGEST);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", QUALITY),
  );
  if (!blob) throw new Error("this browser makes no JPEG");
  return {
    bytes: await blob.arrayBuffer(),
    contentType: "image/jpeg",
    width: canvas.width,
    height: canvas.height,
    preview: drawnAt(photograph, PREVIEW_SIDE).toDataURL("image/jpeg", 0.7),
  };
}

/** As it is, or smaller: never larger. */
function drawnAt(photograph: ImageBitmap, longest: number): HTMLCanvasElement {
  const by = Math.min(1, longest / Math.max(photograph.width, photograph.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(photograph.width * by));
  canvas.height = Math.max(1, Math.round(photograph.height * by));
  const drawing = canvas.getContext("2d");
  if (!drawing) throw new Error("this browser draws no pictures");
  drawing.imageSmoothingQuality = "high";
  drawing.drawImage(photograph, 0, 0, canvas.width, canvas.height);
  return canvas;
}
