/** Reads and hashes a file away from the page, which stays quick meanwhile. */

import { type Declared, faultOf, typeOf } from "./declaring";
import { sha256 } from "./sha256";

export interface Asked {
  file: File;
  maxBytes: number;
}

/** What is declared of the file, or why it cannot be sent. */
export type Told = { declared: Declared } | { why: NonNullable<ReturnType<typeof faultOf>> };

async function declared({ file, maxBytes }: Asked): Promise<Told> {
  const fault = faultOf(file.size, maxBytes);
  if (fault) return { why: fault };
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return { why: "unreadable" };
  }
  const type = typeOf(new Uint8Array(bytes, 0, Math.min(8, bytes.byteLength)));
  if (!type) return { why: "wrongType" };
  if (!globalThis.crypto?.subtle) return { why: "insecure" };
  return { declared: { content_type: type, bytes: file.size, sha256: await sha256(bytes) } };
}

addEventListener("message", async ({ data, ports }: MessageEvent<Asked>) => {
  ports[0]?.postMessage(await declared(data));
});
