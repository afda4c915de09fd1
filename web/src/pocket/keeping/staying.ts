/**
 * Staying signed in on this phone, for whoever chose so: the tokens are kept sealed, so that the page
 * opens without a network and the worker may send what waits after the page was closed. They go on
 * signing out, and when the pool has ended the session.
 */

import type { Endpoint, Tokens } from "../../session/cognito";
import { configuration, heldTokens, onLeaving, signedIn } from "../../session/session";
import { dropNote, keepNote, ownersOf, readNote } from "./notes";
import { currentOwner } from "./owner";

export interface KeptSession {
  tokens: Tokens;
  at: Endpoint;
  language: string;
}

/** From now on, until `leaveNothing`. */
export async function stay(language: string): Promise<void> {
  const [owner, tokens] = [currentOwner(), heldTokens()];
  if (!owner || !tokens) return;
  const { endpoint, client_id } = (await configuration()).auth;
  const kept: KeptSession = { tokens, at: { endpoint, client_id }, language };
  await keepNote(owner, "session", kept);
}

export async function stays(): Promise<boolean> {
  const owner = currentOwner();
  return owner !== null && (await ownersOf("session")).includes(owner);
}

export async function leaveNothing(): Promise<void> {
  const owner = currentOwner();
  if (owner) await dropNote(owner, "session");
}

/** The session of the one account that stays signed in on this phone, if there is one. */
export async function keptSession(): Promise<KeptSession | null> {
  const [owner] = await ownersOf("session");
  return owner ? readNote<KeptSession>(owner, "session") : null;
}

/** Sign in by what was kept; true when somebody is signed in afterwards. */
export async function restore(): Promise<boolean> {
  if (heldTokens()) return true;
  try {
    const kept = await keptSession();
    if (!kept) return false;
    signedIn(kept.tokens);
    return true;
  } catch {
    // No storage here: then the password is asked.
    return false;
  }
}

onLeaving(() => {
  void ownersOf("session")
    .then((owners) => Promise.all(owners.map((owner) => dropNote(owner, "session"))))
    .catch(() => undefined);
});
