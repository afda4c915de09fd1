/** The file of a report on its way: what it is by its first bytes, its checksum, and sending it. */

import { ask } from "../../api/client";
import type { Schemas } from "../../api/contract";
import { sha256 } from "../../images/sha256";

export type Announced = Schemas["ReportForm"];
type Upload = Schemas["Upload"];
type ReportType = Announced["content_type"];

/** What `chalicelib.histology.reports` takes. */
export const MAX_REPORT_BYTES = 20 * 1024 * 1024;
export const REPORT_TYPES = "application/pdf,image/jpeg,image/png";

/** What is wrong with a file before anything is sent; each has a sentence. */
export class BadReport extends Error {
  constructor(readonly why: "empty" | "tooLarge" | "wrongType" | "unreadable" | "insecure") {
    super(why);
    this.name = "BadReport";
  }
}

/** Size, type by signature and SHA-256. */
export async function announce(file: Blob): Promise<Announced> {
  if (file.size === 0) throw new BadReport("empty");
  if (file.size > MAX_REPORT_BYTES) throw new BadReport("tooLarge");
  const bytes = await bytesOf(file);
  const type = typeOf(bytes);
  if (!type) throw new BadReport("wrongType");
  // A page at an address that is not protected has no such thing.
  if (!globalThis.crypto?.subtle) throw new BadReport("insecure");
  return { content_type: type, bytes: file.size, sha256: await sha256(bytes) };
}

async function bytesOf(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new BadReport("unreadable");
  }
}

const SIGNATURES: readonly (readonly [ReportType, readonly number[]])[] = [
  ["application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

function typeOf(start: Uint8Array): ReportType | null {
  const found = SIGNATURES.find(([, bytes]) => bytes.every((byte, at) => start[at] === byte));
  return found?.[0] ?? null;
}

/** A form for a file of a result that awaits one. The sender confirmed that names are covered. */
export async function openReportSlot(histologyId: string, announced: Announced): Promise<Upload> {
  const path = `/histology/${encodeURIComponent(histologyId)}/report`;
  const body: Schemas["NewReport"] = { ...announced, names_covered: true };
  return (await ask<Schemas["ReportSlotAnswer"]>(path, { method: "POST", body })).upload;
}
