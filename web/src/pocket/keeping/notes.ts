/** The last answers of the API that a patient needs without a network, sealed; no links, no images. */
import { database } from "./database";
import { opened, sealed } from "./sealing";

export type NoteName = "account" | "me" | "moles" | "session";

export async function keepNote(owner: string, name: NoteName, value: unknown): Promise<void> {
  await (await database()).put("notes", await sealed(owner, value), [owner, name]);
}

/** Null where there is none, or none that can be read. */
export async function readNote<Value>(owner: string, name: NoteName): Promise<Value | null> {
  try {
    const kept = await (await database()).get("notes", [owner, name]);
    return kept ? await opened<Value>(owner, kept) : null;
  } catch {
    return null;
  }
}

export async function dropNote(owner: string, name: NoteName): Promise<void> {
  await (await database()).delete("notes", [owner, name]);
}

/** The owners of all notes of one name: the worker has no tab to ask whose they are. */
export async function ownersOf(name: NoteName): Promise<string[]> {
  const keys = await (await database()).getAllKeys("notes");
  return keys.filter(([, each]) => each === name).map(([owner]) => owner);
}
