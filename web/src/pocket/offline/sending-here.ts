/** Sending without a page: only for an account whose owner chose to stay signed in on this phone. */
import { Unreachable } from "../../api/errors";
import { type Ask, request } from "../../api/request";
import { dropNote, ownersOf, readNote } from "../keeping/notes";
import { NotStored, type Stopped, sendAll, type Way } from "../keeping/sending";
import type { KeptSession } from "../keeping/staying";
import { Ended, renewed } from "./renewing";

export async function sendFromHere(): Promise<Stopped> {
  for (const owner of await ownersOf("session")) {
    const kept = await readNote<KeptSession>(owner, "session");
    if (!kept) continue;
    const stopped = await sendOf(owner, kept);
    if (stopped) return stopped;
  }
  return null;
}

async function sendOf(owner: string, kept: KeptSession): Promise<Stopped> {
  try {
    const stopped = await sendAll(owner, wayOf(await renewed(kept), kept.language));
    if (!stopped) await dropNote(owner, "session");
    return stopped;
  } catch (error) {
    if (error instanceof Unreachable) return "unreachable";
    if (error instanceof Ended) await dropNote(owner, "session");
    return "signed-out";
  }
}

function wayOf(token: string, language: string): Way {
  return {
    ask: <Answer>(path: string, options: Ask) =>
      request<Answer>(path, options, { token, language }),
    post: async (slot, file, { signal }) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(slot.fields)) form.append(name, value);
      // The store reads no field behind the file.
      form.append("file", file);
      const options = { method: "POST", body: form, signal };
      const answer = await fetch(slot.url, options).catch((error: unknown) => {
        throw new Unreachable(error);
      });
      if (!answer.ok) throw new NotStored(`HTTP ${answer.status}`);
    },
  };
}
