/** A photograph drawn into the page from memory: no address of it exists, and none can be left behind. */
import { useEffect, useRef } from "react";

/** No screen shows more. */
const LONGEST = 1600;

interface Shown {
  of: ImageBitmap;
  label?: string;
  /** Left, top, width and height of what is shown, in fractions of the photograph's width. */
  part?: readonly [number, number, number, number];
}

export function Photograph({ of, label, part }: Shown) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const by = Math.min(1, LONGEST / Math.max(of.width, of.height));
  const [width, height] = [Math.round(of.width * by), Math.round(of.height * by)];
  const [left, top, wide, high] = part ?? [0, 0, 1, of.height / of.width];
  useEffect(() => {
    const [x, y, w, h] = [left, top, wide, high].map((each) => each * of.width);
    canvas.current
      ?.getContext("2d")
      ?.drawImage(of, x ?? 0, y ?? 0, w ?? of.width, h ?? of.height, 0, 0, width, height);
  }, [of, width, height, left, top, wide, high]);
  return (
    <canvas
      ref={canvas}
      className="taken"
      width={width}
      height={height}
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    />
  );
}
