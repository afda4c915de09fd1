/** A photograph is judged in a worker, or here where there is none. */
import { type Findings, judge, judgedSize, type Pixels } from "./checks";

/** A worker that says nothing for so long is not waited for. */
const PATIENCE_MS = 8_000;

export async function judged(photograph: ImageBitmap): Promise<Findings> {
  const taken = { width: photograph.width, height: photograph.height };
  const pixels = pixelsOf(photograph);
  try {
    return await besides(pixels, taken);
  } catch {
    return judge(pixels, taken);
  }
}

function pixelsOf(photograph: ImageBitmap): Pixels {
  const { width, height } = judgedSize(photograph.width, photograph.height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  if (!drawing) throw new Error("this browser draws no pictures");
  drawing.imageSmoothingQuality = "high";
  drawing.drawImage(photograph, 0, 0, width, height);
  const { data } = drawing.getImageData(0, 0, width, height);
  return { width, height, data };
}

function besides(pixels: Pixels, taken: { width: number; height: number }): Promise<Findings> {
  const worker = new Worker(new URL("./checks.worker.ts", import.meta.url), { type: "module" });
  const told = new Promise<Findings>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Findings>) => resolve(data);
    worker.onerror = () => reject(new Error("the worker failed"));
    setTimeout(() => reject(new Error("the worker is silent")), PATIENCE_MS);
    worker.postMessage({ pixels, taken });
  });
  return told.finally(() => worker.terminate());
}
