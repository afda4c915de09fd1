/**
 * What the worker needs to send without a page: only while something waits, and only for whoever chose
 * to stay signed in on this phone. It is sealed, and goes with the last thing that waits.
 */
import { language } from "../../language";
import { heldTokens, staysSignedIn } from "../../session/kept";
import { configuration } from "../../session/pool";
import { dropNote, keepNote } from "./notes";
import { currentOwner } from "./owner";

export interface KeptSession {
  refresh: string;
  endpoint: string;
  /** The client of the pool that the session was begun with. */
  client_id: string;
  language: string;
}

/** Keep it, or let it go, as things stand now. Never fails: the page itself can always send. */
export async function equipWorker(waits: boolean): Promise<void> {
  const [owner, held] = [currentOwner(), heldTokens()];
  if (!owner || !held) return;
  try {
    if (!waits || !staysSignedIn()) return await dropNote(owner, "session");
    const { endpoint } = (await configuration()).auth;
    const kept: KeptSession = {
      refresh: held.refresh,
      endpoint,
      client_id: held.client,
      language: language(),
    };
    await keepNote(owner, "session", kept);
  } catch {
    // Without it everything goes when the page is open.
  }
}
