/** One file on its way: a slot is asked of the API, the file posted to the store. */
import { ask } from "../api/client";
import type { ImageForm, ImageSlot, Kind } from "../api/contract";
import { Refusal, Unreachable } from "../api/errors";
import type { Declared } from "./declaring";

/** The store said no; `code` is its own word. */
export class StoreRefused extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(code);
    this.name = "StoreRefused";
  }
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
      else reject(new StoreRefused(storeCode(request), request.status));
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
