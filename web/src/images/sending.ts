/** One file on its way: read and hashed here, a slot asked of the API, posted to the store. */
import { ask } from "../api/client";
import type { ImageForm, ImageSlot, Kind } from "../api/contract";
import { Refusal, Unreachable } from "../api/errors";

export type ContentType = ImageForm["content_type"];

/** What is wrong with a file before anything is sent; each has a sentence. */
export class BadFile extends Error {
  constructor(readonly why: "wrongType" | "tooLarge" | "empty" | "unreadable" | "insecure") {
    super(why);
    this.name = "BadFile";
  }
}

/** The store said no; `code` is its own word. */
export class StoreRefused extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = "StoreRefused";
  }
}

export interface Declared {
  content_type: ContentType;
  bytes: number;
  sha256: string;
}

/** What the file is, by its first bytes: a name or the browser's guess may lie. */
export async function declare(file: File, maxBytes: number): Promise<Declared> {
  if (file.size === 0) throw new BadFile("empty");
  if (file.size > maxBytes) throw new BadFile("tooLarge");
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    throw new BadFile("unreadable");
  }
  const type = typeOf(new Uint8Array(bytes, 0, Math.min(8, bytes.byteLength)));
  if (!type) throw new BadFile("wrongType");
  return { content_type: type, bytes: file.size, sha256: await sha256(bytes) };
}

function typeOf(start: Uint8Array): ContentType | null {
  const begins = (signature: number[]) => signature.every((byte, at) => start[at] === byte);
  if (begins([0xff, 0xd8, 0xff])) return "image/jpeg";
  if (begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  return null;
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  if (!globalThis.crypto?.subtle) throw new BadFile("insecure");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function openSlot(
  lesionId: string,
  kind: Kind,
  declared: Declared,
  idempotencyKey: string,
): Promise<ImageSlot> {
  const body: ImageForm = { kind, ...declared };
  const path = `/lesions/${encodeURIComponent(lesionId)}/images`;
  return ask<ImageSlot>(path, { method: "POST", body, idempotencyKey });
}

/** A new form for the same image; null when the file has arrived after all. */
export async function renewSlot(imageId: string): Promise<ImageSlot | null> {
  try {
    return await ask<ImageSlot>(`/images/${encodeURIComponent(imageId)}/upload`, {
      method: "POST",
    });
  } catch (error) {
    if (error instanceof Refusal && error.code === "image_not_awaited") return null;
    throw error;
  }
}

/** Post the file. Progress is a share of one. Throws `Unreachable`, `StoreRefused`, or the abort. */
export function post(
  slot: ImageSlot["upload"],
  file: File,
  told: { progress: (share: number) => void; signal: AbortSignal },
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(slot.fields)) form.append(name, value);
  // The store reads no field behind the file.
  form.append("file", file);
  return new Promise((resolve, reject) => {
    // fetch cannot tell how much of a body has been sent.
    const request = new XMLHttpRequest();
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) told.progress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new StoreRefused(storeCode(request)));
    };
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(told.signal.reason);
    told.signal.addEventListener("abort", () => request.abort(), { once: true });
    request.open("POST", slot.url);
    request.send(form);
  });
}

function storeCode(request: XMLHttpRequest): string {
  const found = /<Code>([A-Za-z]+)<\/Code>/.exec(request.responseText);
  return found?.[1] ?? `HTTP ${request.status}`;
}
