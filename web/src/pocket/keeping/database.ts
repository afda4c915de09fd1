/**
 * What the phone keeps for a patient, in IndexedDB. Whatever says something of him (photographs,
 * marks, answers, the list of his moles, the means to stay signed in) is sealed: encrypted under a key
 * that no script can read out. What stands open is random ids, counts and times.
 */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import type { Progress } from "./tasks";

const NAME = "rodinka.pocket";

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

export interface KeptTask extends Progress {
  sealed: Sealed;
  photograph: Sealed | null;
}

interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  tasks: { key: string; value: KeptTask; indexes: { owner: string } };
  notes: { key: [owner: string, name: string]; value: Sealed };
}

let opening: Promise<IDBPDatabase<Schema>> | null = null;

export function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>(NAME, 1, {
    upgrade(made) {
      made.createObjectStore("keys");
      made.createObjectStore("tasks", { keyPath: "id" }).createIndex("owner", "owner");
      made.createObjectStore("notes");
    },
    terminated() {
      opening = null;
    },
  }).catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

/** Forget everything that was kept for one account, its key first: the rest cannot be read without. */
export async function forget(owner: string): Promise<void> {
  const all = await database();
  await all.delete("keys", owner);
  const doing = all.transaction(["tasks", "notes"], "readwrite");
  for (const id of await doing.objectStore("tasks").index("owner").getAllKeys(owner)) {
    await doing.objectStore("tasks").delete(id);
  }
  await doing.objectStore("notes").delete(IDBKeyRange.bound([owner], [owner, []]));
  await doing.done;
}

/** Close and delete it all. */
export async function destroy(): Promise<void> {
  (await opening)?.close();
  opening = null;
  await deleteDB(NAME);
}
