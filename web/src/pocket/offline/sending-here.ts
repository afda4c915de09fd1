/** Sending without a page: only for an account whose owner chose to stay signed in on this phone. */
import { Unreachable } from "../../api/errors";
import { type Ask, request } from "../../api/request";
import { renew, SignInRefused } from "../../session/cognito";
import { dropNote, keepNote, ownersOf, readNote } from "../keeping/notes";
import { NotStored, type Stopped, sendAll, type Way } from "../keeping/sending";
import type { KeptSession } from "../keeping/staying";

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
    const tokens = await renew(kept.at, kept.tokens.refresh);
    await keepNote(owner, "session", { ...kept, tokens });
    return await sendAll(owner, wayOf(tokens.access, kept.language));
  } catch (error) {
    if (error instanceof Unreachable) return "unreachable";
    if (error instanceof SignInRefused) await dropNote(owner, "session");
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
      const answer = await fetch(slot.url, { method: "POST", body: form, signal }).catch(
        (error: unknown) => {
          throw new Unreachable(error);
        },
      );
      if (!answer.ok) throw new NotStored(`HTTP ${answer.status}`);
    },
  };
}
