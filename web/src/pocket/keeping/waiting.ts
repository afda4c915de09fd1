/** What waits on this phone as the pages show it: read from the queue, sent whenever there is a way. */
import { useSyncExternalStore } from "react";
import { ask } from "../../api/client";
import { queryClient } from "../../api/queries";
import { post, StoreRefused } from "../../images/sending";
import { onEntering, onLeaving } from "../../session/session";
import { wakeLater } from "../offline/background";
import { forget } from "./database";
import { currentOwner } from "./owner";
import * as queue from "./queue";
import { NotStored, type Stopped, sendAll, type Way } from "./sending";
import { equipWorker } from "./staying";
import type { Task, Waiting } from "./tasks";

export interface Room {
  /** Null until it has been read. */
  tasks: readonly Waiting[] | null;
  /** What the system called that which was made, by the task's id: for whoever waits for it here. */
  made: Readonly<Record<string, string>>;
  /** How much of a file has gone, by the task's id. */
  shares: Readonly<Record<string, number>>;
  sending: boolean;
  stopped: Stopped;
}

const EMPTY: Room = { tasks: null, made: {}, shares: {}, sending: false, stopped: null };
const AGAIN_MS = 30_000;
const SOON_MS = 2_000;
const listeners = new Set<() => void>();
const aborts = new Map<string, AbortController>();
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("rodinka.waiting") : null;

let room = EMPTY;
let running: Promise<void> | null = null;
let again: ReturnType<typeof setTimeout> | undefined;

export function useWaiting(): Room {
  return useSyncExternalStore(subscribe, () => room);
}

/** Put something in the queue and set out at once. Answers its id. */
export async function add(task: Task, photograph: ArrayBuffer | null = null): Promise<string> {
  const owner = currentOwner();
  if (!owner) throw new Error("nobody is signed in");
  const id = await queue.enqueue(owner, task, photograph);
  // Without this the browser may clear the store when the phone runs short of space.
  void navigator.storage?.persist?.().catch(() => false);
  await equipWorker(true);
  void wakeLater();
  await changed();
  void sendNow();
  return id;
}

export async function cancel(id: string): Promise<void> {
  const owner = currentOwner();
  if (!owner) return;
  const task = room.tasks?.find((each) => each.id === id);
  aborts.get(id)?.abort();
  await queue.cancel(owner, id);
  // A place was opened for its file: nothing is to come there any more.
  if (task?.task.kind === "photograph" && task.made) {
    await ask(`/me/images/${encodeURIComponent(task.made)}`, { method: "DELETE" }).catch(
      () => undefined,
    );
  }
  await changed();
}

export async function retry(id: string): Promise<void> {
  await queue.note(id, { standing: "waiting", refusal: null, tries: 0 });
  await changed();
  await sendNow();
}

/** What the system called that which a task made; null while it waits. */
export function madeOf(id: string): string | null {
  return room.made[id] ?? null;
}

/** Send what waits; a second call joins the first. */
export function sendNow(): Promise<void> {
  running ??= run().finally(() => {
    running = null;
  });
  return running;
}

async function run(): Promise<void> {
  const owner = currentOwner();
  if (!owner) return;
  clearTimeout(again);
  await read();
  const tried = new Set<string>();
  // What was added meanwhile goes too; what stays the same would go round for ever.
  while (waiting().some(({ id }) => !tried.has(id))) {
    for (const { id } of waiting()) tried.add(id);
    show({ sending: true, stopped: null });
    const stopped = await sendAll(owner, way).catch((): Stopped => "later");
    await read();
    show({ sending: false, stopped, shares: {} });
    void queryClient.invalidateQueries({ queryKey: ["me"] });
    channel?.postMessage("changed");
    void equipWorker(waiting().length > 0);
    if (stopped) {
      if (stopped !== "signed-out") {
        again = setTimeout(() => void sendNow(), stopped === "soon" ? SOON_MS : AGAIN_MS);
      }
      return;
    }
  }
}

function waiting(): readonly Waiting[] {
  return room.tasks?.filter(({ standing }) => standing === "waiting") ?? [];
}

const way: Way = {
  ask,
  post: (slot, file, told) =>
    post(slot, file as File, told).catch((error: unknown) => {
      throw error instanceof StoreRefused ? new NotStored(error.code) : error;
    }),
  progress: (id, share) => show({ shares: { ...room.shares, [id]: share } }),
  made: (id, made) => show({ made: { ...room.made, [id]: made } }),
  signalOf: (id) => {
    const known = aborts.get(id) ?? new AbortController();
    aborts.set(id, known);
    return known.signal;
  },
};

async function changed(): Promise<void> {
  await read();
  channel?.postMessage("changed");
}

async function read(): Promise<void> {
  const owner = currentOwner();
  const tasks = owner ? await queue.everything(owner).catch(() => []) : [];
  show({ tasks: tasks.filter(({ standing }) => standing !== "sent") });
}

function show(what: Partial<Room>): void {
  room = { ...room, ...what };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    void sendNow();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
  };
}

function wake(): void {
  if (document.visibilityState === "visible") void sendNow();
}

channel?.addEventListener("message", ({ data }) => {
  if (data === "send") void sendNow();
  else void read();
});

// A session that ended by itself leaves the queue for the next sign-in; who signs out takes his own along.
onLeaving(() => {
  clearTimeout(again);
  for (const abort of aborts.values()) abort.abort();
  aborts.clear();
  room = EMPTY;
  for (const listener of listeners) listener();
  const owner = currentOwner();
  if (owner) void forget(owner).catch(() => undefined);
});

onEntering(() => void sendNow());
