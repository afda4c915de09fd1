/**
 * Sends what waits, one after the other, each once: the same key at every try, one image for however
 * many forms, and one sender at a time among tabs and the worker.
 */
import { Refusal, Unreachable } from "../../api/errors";
import type { Ask } from "../../api/request";
import type { ImageSlot } from "../shapes";
import { everything, note, photographOf, tidy } from "./queue";
import type { PhotographTask, QuestionTask, Ref, Waiting } from "./tasks";

/** The store said no; `code` is its own word. A form that ran out is one reason, and then a new one helps. */
export class NotStored extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = "NotStored";
  }
}

export interface Way {
  ask: <Answer>(path: string, options: Ask) => Promise<Answer>;
  /** Throws `Unreachable` or `NotStored`. */
  post: (
    slot: ImageSlot["upload"],
    file: Blob,
    told: { progress: (share: number) => void; signal: AbortSignal },
  ) => Promise<void>;
  /** Tell how far the task has come: a share of one. */
  progress?: (id: string, share: number) => void;
  /** Tell what the system called that which a task made. */
  made?: (id: string, made: string) => void;
  /** Aborts the task under way when it is cancelled. */
  signalOf?: (id: string) => AbortSignal;
}

/**
 * Why not everything was sent: no network, the system asked to wait, or (`soon`) a question waits for the
 * look that the system takes at its photograph. Null when all was.
 */
export type Stopped = null | "unreachable" | "later" | "soon" | "signed-out";

const LOCK = "rodinka.sending";
/** So many times the store may say no to one file. */
const STORE_TRIES = 6;

export async function sendAll(owner: string, way: Way): Promise<Stopped> {
  // Without locks two senders may meet; then the keys alone see to it that nothing is made twice.
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return locks ? locks.request(LOCK, () => inOrder(owner, way)) : inOrder(owner, way);
}

async function inOrder(owner: string, way: Way): Promise<Stopped> {
  const made = new Map<string, string>();
  let soon = false;
  for (const each of await everything(owner)) {
    if (each.standing === "sent" && each.made) made.set(each.id, each.made);
    if (each.standing !== "waiting") continue;
    try {
      const id = await send(each, made, way);
      if (await note(each.id, { standing: "sent", made: id })) made.set(each.id, id);
      way.made?.(each.id, id);
    } catch (error) {
      if (error instanceof NotYet) {
        soon = true;
        continue;
      }
      const stopped = await failed(each, error, way);
      if (stopped) return stopped;
    }
  }
  await tidy(owner);
  return soon ? "soon" : null;
}

/** Whether the rest has to wait too. */
async function failed(each: Waiting, error: unknown, way: Way): Promise<Stopped> {
  if (way.signalOf?.(each.id).aborted) return null;
  await note(each.id, { tries: each.tries + 1 });
  if (error instanceof Unreachable) return "unreachable";
  if (error instanceof NotStored && each.tries + 1 < STORE_TRIES) return "later";
  if (error instanceof Refusal) {
    if (error.status === 401 || error.code === "unauthorized") return "signed-out";
    if (error.status === 429 || error.status >= 500) return "later";
  }
  await note(each.id, { standing: "refused", refusal: refusalOf(error) });
  return null;
}

function refusalOf(error: unknown): { code: string; message: string } {
  if (error instanceof Refusal) {
    return { code: error.code, message: Object.values(error.fields)[0] || error.message };
  }
  if (error instanceof NotStored) return { code: "store", message: error.code };
  return { code: error instanceof Missing ? "missing" : "unexpected", message: "" };
}

/** What the task rests on was refused or cancelled. */
class Missing extends Error {}

/** The system still looks at a photograph that the task rests on. */
class NotYet extends Error {}

function resolved(ref: Ref, made: ReadonlyMap<string, string>): string {
  const id = "id" in ref ? ref.id : made.get(ref.task);
  if (!id) throw new Missing();
  return id;
}

async function send(each: Waiting, made: ReadonlyMap<string, string>, way: Way): Promise<string> {
  const { task, key } = each;
  switch (task.kind) {
    case "mole": {
      const options = { method: "POST", body: task.mole, idempotencyKey: key } as const;
      return (await way.ask<{ lesion_id: string }>("/me/lesions", options)).lesion_id;
    }
    case "photograph":
      return sendPhotograph(each, task, resolved(task.of, made), way);
    case "question":
      return ask(task, key, made, way);
  }
}

async function ask(
  task: QuestionTask,
  key: string,
  made: ReadonlyMap<string, string>,
  way: Way,
): Promise<string> {
  const lesion = resolved(task.of, made);
  const images = task.images.map((each) => resolved(each, made));
  for (const [at, each] of task.images.entries()) {
    if ("task" in each) await looked(images[at] ?? "", way);
  }
  const body = {
    lesion_id: lesion,
    image_ids: images,
    answers: task.answers,
    ...(task.text ? { text: task.text } : {}),
  };
  const options = { method: "POST", body, idempotencyKey: key } as const;
  return (await way.ask<{ question_id: string }>("/me/questions", options)).question_id;
}

/** A question is taken once its photographs have been looked at. Of a rejected one the answer tells. */
async function looked(imageId: string, way: Way): Promise<void> {
  const path = `/me/images/${encodeURIComponent(imageId)}`;
  const { state } = await way.ask<{ state: string }>(path, {});
  if (state === "awaiting_upload" || state === "received") throw new NotYet();
}

async function sendPhotograph(
  each: Waiting,
  task: PhotographTask,
  moleId: string,
  way: Way,
): Promise<string> {
  const bytes = await photographOf(each.id);
  if (!bytes) throw new Missing();
  const slot = each.made
    ? await renewed(each.made, way)
    : await way.ask<ImageSlot>(`/me/lesions/${encodeURIComponent(moleId)}/images`, {
        method: "POST",
        body: task.image,
        idempotencyKey: each.key,
      });
  // Null: the file has arrived after all, and only the answer was lost.
  if (!slot) return each.made ?? "";
  await note(each.id, { made: slot.image_id });
  await way.post(slot.upload, new Blob([bytes], { type: task.image.content_type }), {
    progress: (share) => way.progress?.(each.id, share),
    signal: way.signalOf?.(each.id) ?? new AbortController().signal,
  });
  return slot.image_id;
}

async function renewed(imageId: string, way: Way): Promise<ImageSlot | null> {
  try {
    const path = `/me/images/${encodeURIComponent(imageId)}/upload`;
    return await way.ask<ImageSlot>(path, { method: "POST" });
  } catch (error) {
    if (error instanceof Refusal && error.code === "image_not_awaited") return null;
    throw error;
  }
}
