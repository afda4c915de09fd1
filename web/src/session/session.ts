/** Who is signed in, and what happens when somebody comes, goes or is sent away. */
import { useSyncExternalStore } from "react";
import { isUnauthorized } from "../api/errors";
import { send } from "../api/http";
import { heldClient, holdsTokens } from "./kept";
import { accessToken, configuration, forgetTokens, SignInRefused } from "./pool";

export { configuration } from "./pool";

export interface Session {
  signedIn: boolean;
  /** The session ended by itself: what was typed still stands behind the window that asks to sign in. */
  ended: boolean;
}

let session: Session = { signedIn: holdsTokens(), ended: false };
const listeners = new Set<() => void>();
const leaving = new Set<() => void>();
const entering = new Set<() => void>();

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** Do something whenever somebody signs out: forget what he saw. */
export function onLeaving(forget: () => void): void {
  leaving.add(forget);
}

/** Do something whenever somebody has signed in. */
export function onEntering(resume: () => void): void {
  entering.add(resume);
}

/**
 * After a sign-in by the patients' client: the API admits patients alone by it. Anybody else is told so, or
 * the window that asks to sign in again would open for ever. Throws `SignInRefused` or `Unreachable`.
 */
export async function turnStaffAway(): Promise<void> {
  const { auth } = await configuration();
  if (heldClient() !== auth.patient_client_id) return;
  try {
    await send("/account", {}, await accessToken());
  } catch (error) {
    // What else is amiss, the page itself will meet and tell.
    if (!isUnauthorized(error)) return;
    await forgetTokens();
    throw new SignInRefused("NotAPatient", "");
  }
}

export function signedIn(): void {
  show({ signedIn: true, ended: false });
  for (const resume of entering) resume();
}

export async function signOut(): Promise<void> {
  show({ signedIn: false, ended: false });
  for (const forget of leaving) forget();
  await forgetTokens();
}

export function sessionEnded(): void {
  if (session.signedIn) show({ signedIn: false, ended: true });
}

/**
 * A token that is good now; `after` names one that was just refused. Null when nobody is signed in.
 * Throws `Unreachable`.
 */
export async function freshAccessToken({
  after,
}: {
  after?: string | null;
} = {}): Promise<string | null> {
  if (!session.signedIn) return null;
  let token = await accessToken();
  if (token !== null && token === after) token = await accessToken({ renew: true });
  if (token === null) sessionEnded();
  return token;
}

function show(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
