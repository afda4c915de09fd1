/**
 * The files being sent: a few at once, each on its own way, failing and tried again alone. They go on
 * when their page is left, and end when the person signs out.
 */
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { Kind } from "../api/contract";
import { Refusal, Unreachable } from "../api/errors";
import { newKey } from "../api/idempotency";
import { queryClient } from "../api/queries";
import { configuration, onEntering, onLeaving } from "../session/session";
import { type Declared, declare } from "./declaring";
import { openSlot, post, renewSlot, StoreRefused } from "./sending";

export type Step = "waiting" | "reading" | "slot" | "sending" | "failed";

export interface Upload {
  id: string;
  lesionId: string;
  file: File;
  kind: Kind;
  preview: string;
  step: Step;
  progress: number;
  error: unknown;
}

/** What is remembered of a file's way from one try to the next. */
interface Way {
  abort: AbortController;
  key: string;
  tries: number;
  declared?: Declared;
  imageId?: string;
}

/** More at once would only share the same line. */
const AT_ONCE = 3;
/** Tried again by itself after so many seconds, then only when asked, or when the line is back. */
const AGAIN_SECONDS = [2, 5, 15, 30];

let uploads: readonly Upload[] = [];
/** How many were put in since none was left. */
let batch = 0;
const ways = new Map<string, Way>();
const listeners = new Set<() => void>();
const arrivals = new Set<(lesionId: string, imageId: string) => void>();

/** The files on their way to one lesion; `arrived` is told of each image that came to be. */
export function useUploads(
  lesionId: string,
  arrived: (imageId: string) => void,
): readonly Upload[] {
  const all = useSyncExternalStore(subscribe, () => uploads);
  const tell = useRef(arrived);
  tell.current = arrived;
  useEffect(() => {
    const heard = (lesion: string, image: string) => lesion === lesionId && tell.current(image);
    arrivals.add(heard);
    return () => void arrivals.delete(heard);
  }, [lesionId]);
  return useMemo(() => all.filter((each) => each.lesionId === lesionId), [all, lesionId]);
}

/** How far all that is being sent has come; null when nothing is. */
export function useSendingAll(): { sent: number; of: number; failed: number } | null {
  const all = useSyncExternalStore(subscribe, () => uploads);
  if (all.length === 0) return null;
  const failed = all.filter((each) => each.step === "failed").length;
  return { sent: batch - all.length, of: batch, failed };
}

export function addUploads(lesionId: string, files: Iterable<File>, kind: Kind): void {
  const added = Array.from(files, (file): Upload => {
    const preview = URL.createObjectURL(file);
    const start = { step: "waiting", progress: 0, error: null } as const;
    return { id: newKey(), lesionId, file, kind, preview, ...start };
  });
  batch = uploads.length === 0 ? added.length : batch + added.length;
  for (const { id } of added) {
    ways.set(id, { abort: new AbortController(), key: newKey(), tries: 0 });
  }
  show([...uploads, ...added]);
  goOn();
}

/** Take a file out: it is not sent, or no further. */
export function dropUpload(upload: Upload): void {
  batch -= 1;
  remove(upload);
}

function remove({ id, preview }: Upload): void {
  ways.get(id)?.abort.abort();
  ways.delete(id);
  URL.revokeObjectURL(preview);
  show(uploads.filter((each) => each.id !== id));
  goOn();
}

export function retryUpload({ id }: Upload): void {
  change(id, { step: "waiting", progress: 0, error: null });
  goOn();
}

function goOn(): void {
  const busy = uploads.filter(({ step }) => step !== "waiting" && step !== "failed").length;
  const waiting = uploads.filter(({ step }) => step === "waiting");
  for (const upload of waiting.slice(0, Math.max(AT_ONCE - busy, 0))) void send(upload);
}

async function send(upload: Upload): Promise<void> {
  const way = ways.get(upload.id);
  if (!way) return;
  try {
    await take(upload, way);
    for (const tell of arrivals) tell(upload.lesionId, way.imageId ?? "");
    // Whoever looks at the patient next, on whatever page, finds the image there.
    void queryClient.invalidateQueries({ queryKey: ["patient"] });
    remove(upload);
  } catch (error) {
    if (way.abort.signal.aborted) return;
    change(upload.id, { step: "failed", error });
    const seconds = AGAIN_SECONDS[way.tries++];
    if (seconds !== undefined && mayPass(error)) {
      setTimeout(() => ifStillFailed(upload.id), seconds * 1000);
    }
    goOn();
  }
}

/** The steps of one file's way; those that were taken before are not taken again. */
async function take(upload: Upload, way: Way): Promise<void> {
  change(upload.id, { step: "reading" });
  way.declared ??= await declare(upload.file, (await configuration()).upload.max_bytes);
  change(upload.id, { step: "slot" });
  const slot = way.imageId
    ? await renewSlot(way.imageId)
    : await openSlot(upload.lesionId, upload.kind, way.declared, way.key);
  if (!slot) return;
  way.imageId = slot.image_id;
  way.abort.signal.throwIfAborted();
  change(upload.id, { step: "sending" });
  await post(slot.upload, upload.file, {
    progress: (progress) => change(upload.id, { progress }),
    signal: way.abort.signal,
  });
}

/** What may well go better in a moment. */
function mayPass(error: unknown): boolean {
  if (error instanceof Unreachable || isOfSession(error)) return true;
  return error instanceof StoreRefused
    ? error.status >= 500
    : error instanceof Refusal && (error.status >= 500 || error.status === 429);
}

function isOfSession(error: unknown): boolean {
  return error instanceof Refusal && error.status === 401;
}

function ifStillFailed(id: string): void {
  const upload = uploads.find((each) => each.id === id);
  if (upload?.step === "failed") retryUpload(upload);
}

function resume(): void {
  for (const upload of uploads) {
    if (upload.step === "failed" && mayPass(upload.error)) retryUpload(upload);
  }
}

function change(id: string, what: Partial<Upload>): void {
  show(uploads.map((each) => (each.id === id ? { ...each, ...what } : each)));
}

function show(next: readonly Upload[]): void {
  uploads = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// What a lost connection or an ended session stopped goes on by itself.
addEventListener("online", resume);
onEntering(resume);
onLeaving(() => {
  for (const upload of uploads) remove(upload);
});
addEventListener("beforeunload", (event) => {
  if (uploads.some(({ step }) => step !== "failed")) event.preventDefault();
});
