/** The files being sent from one page: each goes its own way, fails alone and is tried again alone. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { Kind } from "../api/contract";
import { Unreachable } from "../api/errors";
import { newKey } from "../api/idempotency";
import { configuration } from "../session/session";
import { type Declared, declare, openSlot, post, renewSlot } from "./sending";

export type Step = "reading" | "slot" | "sending" | "failed";

export interface Upload {
  id: string;
  file: File;
  kind: Kind;
  preview: string;
  step: Step;
  progress: number;
  error: unknown;
}

interface Way {
  abort: AbortController;
  key: string;
  declared?: Declared;
  imageId?: string;
}

export function useUploads(lesionId: string, arrived: (imageId: string) => void) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const ways = useRef(new Map<string, Way>());
  const tell = useRef(arrived);
  tell.current = arrived;

  const change = useCallback((id: string, what: Partial<Upload>) => {
    setUploads((all) => all.map((each) => (each.id === id ? { ...each, ...what } : each)));
  }, []);

  const drop = useCallback((upload: Upload) => {
    ways.current.get(upload.id)?.abort.abort();
    ways.current.delete(upload.id);
    URL.revokeObjectURL(upload.preview);
    setUploads((all) => all.filter((each) => each.id !== upload.id));
  }, []);

  const send = useCallback(
    async (upload: Upload) => {
      const way = ways.current.get(upload.id) ?? { abort: new AbortController(), key: newKey() };
      ways.current.set(upload.id, way);
      try {
        change(upload.id, { step: "reading", error: null, progress: 0 });
        way.declared ??= await declare(upload.file, (await configuration()).upload.max_bytes);
        change(upload.id, { step: "slot" });
        const slot = way.imageId
          ? await renewSlot(way.imageId)
          : await openSlot(lesionId, upload.kind, way.declared, way.key);
        if (slot) {
          way.imageId = slot.image_id;
          if (way.abort.signal.aborted) return;
          change(upload.id, { step: "sending" });
          await post(slot.upload, upload.file, {
            progress: (progress) => change(upload.id, { progress }),
            signal: way.abort.signal,
          });
        }
        if (way.imageId) tell.current(way.imageId);
        drop(upload);
      } catch (error) {
        if (!way.abort.signal.aborted) change(upload.id, { step: "failed", error });
      }
    },
    [lesionId, change, drop],
  );

  const add = useCallback(
    (files: Iterable<File>, kind: Kind) => {
      for (const file of files) {
        const upload: Upload = {
          id: newKey(),
          file,
          kind,
          preview: URL.createObjectURL(file),
          step: "reading",
          progress: 0,
          error: null,
        };
        setUploads((all) => [...all, upload]);
        void send(upload);
      }
    },
    [send],
  );

  // What a lost connection stopped goes on by itself when it is back.
  useEffect(() => {
    const resume = () => {
      for (const upload of uploads) {
        if (upload.step === "failed" && upload.error instanceof Unreachable) void send(upload);
      }
    };
    addEventListener("online", resume);
    return () => removeEventListener("online", resume);
  }, [uploads, send]);

  const busy = uploads.some((upload) => upload.step !== "failed");
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [busy]);

  return { uploads, add, drop, retry: send };
}
