/** The queue itself: what is put in it survives a closed page, a dead battery and a lost network. */
import { newKey } from "../../api/idempotency";
import { database, type KeptTask } from "./database";
import { opened, openedBytes, sealed, sealedBytes } from "./sealing";
import { type Progress, spent, type Task, type Waiting, withDependents } from "./tasks";

/** Put a task at the end; the photograph's bytes beside it. Answers its id. */
export async function enqueue(
  owner: string,
  task: Task,
  photograph: ArrayBuffer | null = null,
): Promise<string> {
  const kept: KeptTask = {
    id: newKey(),
    owner,
    at: await after(owner),
    key: newKey(),
    standing: "waiting",
    tries: 0,
    made: null,
    refusal: null,
    sealed: await sealed(owner, task),
    photograph: photograph && (await sealedBytes(owner, photograph)),
  };
  await (await database()).add("tasks", kept);
  return kept.id;
}

/** Later than everything before it, also when the clock was set back. */
async function after(owner: string): Promise<number> {
  const all = await (await database()).getAllFromIndex("tasks", "owner", owner);
  return Math.max(Date.now(), ...all.map(({ at }) => at + 1));
}

/** Everything of one account, in order. What cannot be read any more is left out. */
export async function everything(owner: string): Promise<Waiting[]> {
  const all = await (await database()).getAllFromIndex("tasks", "owner", owner);
  const read = await Promise.all(all.map(readOrNull));
  return read.filter((each) => each !== null).sort((a, b) => a.at - b.at);
}

async function readOrNull(kept: KeptTask): Promise<Waiting | null> {
  const { sealed: closed, photograph: _, ...progress } = kept;
  try {
    return { ...progress, task: await opened<Task>(kept.owner, closed) };
  } catch {
    return null;
  }
}

export async function photographOf(id: string): Promise<ArrayBuffer | null> {
  const kept = await (await database()).get("tasks", id);
  return kept?.photograph ? openedBytes(kept.owner, kept.photograph) : null;
}

/** Write down how far a task has come; false when it was cancelled meanwhile. */
export async function note(
  id: string,
  what: Partial<Pick<Progress, "standing" | "tries" | "made" | "refusal">>,
): Promise<boolean> {
  const doing = (await database()).transaction("tasks", "readwrite");
  const kept = await doing.store.get(id);
  if (kept) {
    // The photograph is of no use here once the system has it.
    const photograph = what.standing === "sent" ? null : kept.photograph;
    await doing.store.put({ ...kept, ...what, photograph });
  }
  await doing.done;
  return kept !== undefined;
}

/** Take a task out, and with it what rests on it. */
export async function cancel(owner: string, id: string): Promise<void> {
  await remove(withDependents(id, await everything(owner)));
}

/** Put away what was sent and is needed no more. */
export async function tidy(owner: string): Promise<void> {
  await remove(spent(await everything(owner)));
}

async function remove(ids: readonly string[]): Promise<void> {
  const doing = (await database()).transaction("tasks", "readwrite");
  for (const id of ids) await doing.store.delete(id);
  await doing.done;
}
