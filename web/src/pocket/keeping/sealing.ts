/**
 * AES-GCM under a key of this browser and this account. The key is made here, cannot be exported and
 * goes when its owner signs out: a copied file of the browser, or a script that found a way in, reads
 * nothing by itself. Whoever can use the unlocked phone as its owner can; that is the phone's lock to
 * prevent, which these pages say.
 */
import { database, type Sealed } from "./database";

const ALGORITHM = "AES-GCM";

async function keyOf(owner: string): Promise<CryptoKey> {
  const kept = await (await database()).get("keys", owner);
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  // Another tab may have been quicker: the first key is everybody's.
  const doing = (await database()).transaction("keys", "readwrite");
  const first = await doing.store.get(owner);
  if (!first) await doing.store.put(made, owner);
  await doing.done;
  return first ?? made;
}

export async function hasKey(owner: string): Promise<boolean> {
  return (await (await database()).getKey("keys", owner)) !== undefined;
}

export async function sealedBytes(owner: string, bytes: BufferSource): Promise<Sealed> {
  const key = await keyOf(owner);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: ALGORITHM, iv }, key, bytes) };
}

/** Rejects what was sealed under another key. */
export async function openedBytes(owner: string, { iv, data }: Sealed): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: ALGORITHM, iv }, await keyOf(owner), data);
}

export function sealed(owner: string, value: unknown): Promise<Sealed> {
  return sealedBytes(owner, new TextEncoder().encode(JSON.stringify(value)));
}

export async function opened<Value>(owner: string, kept: Sealed): Promise<Value> {
  return JSON.parse(new TextDecoder().decode(await openedBytes(owner, kept))) as Value;
}
