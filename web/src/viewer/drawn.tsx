/** What is drawn over a picture: the lesion's border, and where the model looked. */
import { useEffect, useRef } from "react";
import type { SaliencyMap } from "../api/contract";

/** Light on dark, so that it is seen on any skin. */
export function Outline({ points }: { points: readonly (readonly number[])[] }) {
  const path = points.map(([x = 0, y = 0]) => `${x},${y}`).join(" ");
  return (
    <svg className="outline" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={path} className="outline-under" />
      <polygon points={path} className="outline-over" />
    </svg>
  );
}

/** Blue, which no skin has. */
const LIT = [0, 150, 255] as const;
const MOST_OPAQUE = 0.65;

/** The more evidence, the less transparent; stretched over the picture by the browser. */
export function Saliency({ map }: { map: SaliencyMap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const drawing = canvas.current?.getContext("2d");
    const cells = cellsOf(map);
    if (!drawing || cells?.length !== map.width * map.height) return;
    const pixels = drawing.createImageData(map.width, map.height);
    cells.forEach((value, cell) => {
      pixels.data.set([...LIT, Math.round(value * MOST_OPAQUE)], cell * 4);
    });
    drawing.putImageData(pixels, 0, 0);
  }, [map]);
  return <canvas ref={canvas} className="saliency" width={map.width} height={map.height} />;
}

function cellsOf(map: SaliencyMap): Uint8Array | null {
  try {
    return Uint8Array.from(atob(map.values), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
