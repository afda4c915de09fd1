/** Judges photographs beside the page, which stays quick meanwhile. */
import { judge, type Pixels } from "./checks";

interface Asked {
  pixels: Pixels;
  taken: { width: number; height: number };
}

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  postMessage(judge(data.pixels, data.taken));
});
