/** What is told of a file before it is sent: its type, size and hash, found out in a worker. */
import type { ImageForm } from "../api/contract";
import { Unreachable } from "../api/errors";
import type { Asked, Told } from "./declaring.worker";

export type ContentType = ImageForm["content_type"];
export type Declared = Pick<ImageForm, "content_type" | "bytes" | "sha256">;
type Fault = "wrongType" | "tooLarge" | "empty" | "unreadable" | "insecure";

/** What is wrong with a file before anything is sent; each has a sentence. */
export class BadFile extends Error {
  constructor(readonly why: Fault) {
    super(why);
    this.name = "BadFile";
  }
}

let worker: Worker | null = null;

/** Have the worker at hand: without a connection it could not be fetched any more. */
export function prepare(): Worker {
  worker ??= new Worker(new URL("./declaring.worker.ts", import.meta.url), { type: "module" });
  return worker;
}

/** Read and hash a file. Throws `BadFile`, or `Unreachable` when the worker itself did not come. */
export function declare(file: File, maxBytes: number): Promise<Declared> {
  const at = prepare();
  const { port1, port2 } = new MessageChannel();
  const asked: Asked = { file, maxBytes };
  at.postMessage(asked, [port2]);
  return new Promise((resolve, reject) => {
    const failed = () => {
      worker = null;
      reject(new Unreachable());
    };
    at.addEventListener("error", failed, { once: true });
    port1.onmessage = ({ data }: MessageEvent<Told>) => {
      port1.close();
      at.removeEventListener("error", failed);
      if ("declared" in data) resolve(data.declared);
      else reject(new BadFile(data.why));
    };
  });
}

/** What the size alone says against it. */
export function faultOf(bytes: number, maxBytes: number): Fault | null {
  if (bytes === 0) return "empty";
  return bytes > maxBytes ? "tooLarge" : null;
}

/** What a file is, by its first bytes: a name or the browser's guess may lie. */
export function typeOf(start: Uint8Array): ContentType | null {
  const begins = (signature: number[]) => signature.every((byte, at) => start[at] === byte);
  if (begins([0xff, 0xd8, 0xff])) return "image/jpeg";
  if (begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  return null;
}
