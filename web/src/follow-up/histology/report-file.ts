/** The file of a report on its way: what it is by its first bytes, its checksum, and sending it. */
import { createSHA256 } from "hash-wasm";
import { ask } from "../../api/client";
import type { Schemas } from "../../api/contract";

export type Announced = Schemas["ReportForm"];
type Upload = Schemas["Upload"];
type ReportType = Announced["content_type"];

/** What `chalicelib.histology.reports` takes. */
export const MAX_REPORT_BYTES = 20 * 1024 * 1024;
export const REPORT_TYPES = "application/pdf,image/jpeg,image/png";
const PIECE = 4 * 1024 * 1024;

/** What is wrong with a file before anything is sent; each has a sentence. */
export class BadReport extends Error {
  constructor(readonly why: "empty" | "tooLarge" | "wrongType" | "unreadable") {
    super(why);
    this.name = "BadReport";
  }
}

/** Size, type by signature and SHA-256, read in pieces so that a phone's memory suffices. */
export async function announce(file: Blob, progress: (share: number) => void): Promise<Announced> {
  if (file.size === 0) throw new BadReport("empty");
  if (file.size > MAX_REPORT_BYTES) throw new BadReport("tooLarge");
  const hash = await createSHA256();
  let type: ReportType | null = null;
  for (let start = 0; start < file.size; start += PIECE) {
    const piece = await bytesOf(file.slice(start, start + PIECE));
    if (start === 0) type = typeOf(piece);
    if (!type) throw new BadReport("wrongType");
    hash.update(piece);
    progress(Math.min(start + PIECE, file.size) / file.size);
  }
  if (!type) throw new BadReport("wrongType");
  return { content_type: type, bytes: file.size, sha256: hash.digest("hex") };
}

async function bytesOf(piece: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await piece.arrayBuffer());
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
