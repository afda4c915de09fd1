/** Who is signed in: tokens in memory and in this tab's storage, renewed before they end. */
import { useSyncExternalStore } from "react";
import type { Config } from "../api/contract";
import { Unreachable } from "../api/errors";
import { askPublicly } from "../api/http";
import { type Endpoint, renew, revoke, SignInRefused, type Tokens } from "./cognito";

const KEPT = "rodinka.session";
/** Renewed this long before the end, so that no request travels with a token about to die. */
const MARGIN_MS = 60_000;

export interface Session {
  signedIn: boolean;
  /** The session ended by itself, so the sign-in page says why it is there. */
  ended: boolean;
}

let tokens: Tokens | null = read();
let session: Session = { signedIn: tokens !== null, ended: false };
let renewing: Promise<string> | null = null;
let config: Promise<Config> | null = null;
const listeners = new Set<() => void>();
const leaving = new Set<(session: Session) => void>();

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** Do something whenever somebody signs out or his session ends: forget what he saw. */
export function onLeaving(forget: (session: Session) => void): void {
  leaving.add(forget);
}

/** The public configuration; asked once, and again after a failure. */
export function configuration(): Promise<Config> {
  config ??= askPublicly<Config>("/config").catch((error: unknown) => {
    config = null;
    throw error;
  });
  return config;
}

export async function signInEndpoint(): Promise<Endpoint> {
  return (await configuration()).auth;
}

/** The tokens as they are, perhaps run out; for whoever keeps them on a patient's own phone. */
export function heldTokens(): Tokens | null {
  return tokens;
}

export function signedIn(fresh: Tokens): void {
  keep(fresh);
  show({ signedIn: true, ended: false });
}

export async function signOut(): Promise<void> {
  const refresh = tokens?.refresh;
  leave({ signedIn: false, ended: false });
  if (!refresh) return;
  // The tab has forgotten the tokens already; that the pool forgets them too may fail quietly.
  await signInEndpoint()
    .then((at) => revoke(at, refresh))
    .catch(() => undefined);
}

export function sessionEnded(): void {
  if (tokens) leave({ signedIn: false, ended: true });
}

/**
 * A token good for the next minute, renewed if need be; `after` names one that was just refused.
 * Null when nobody is signed in.
 */
export async function freshAccessToken({
  after,
}: {
  after?: string | null;
} = {}): Promise<string | null> {
  if (!tokens) return null;
  const good = tokens.access !== after && tokens.expiresAt - Date.now() > MARGIN_MS;
  if (good) return tokens.access;
  renewing ??= renewed(tokens).finally(() => {
    renewing = null;
  });
  return renewing;
}

async function renewed(old: Tokens): Promise<string> {
  try {
    const fresh = await renew(await signInEndpoint(), old.refresh);
    if (tokens === old) keep(fresh);
    return fresh.access;
  } catch (error) {
    if (error instanceof SignInRefused) sessionEnded();
    throw error instanceof SignInRefused ? new Unreachable(error) : error;
  }
}

function leave(next: Session): void {
  keep(null);
  show(next);
  for (const forget of leaving) forget(next);
}

function show(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function keep(next: Tokens | null): void {
  tokens = next;
  try {
    if (next) sessionStorage.setItem(KEPT, JSON.stringify(next));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // Storage may be forbidden; then a reload asks for the password again.
  }
}

function read(): Tokens | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    return kept && typeof kept.access === "string" && typeof kept.refresh === "string"
      ? (kept as Tokens)
      : null;
  } catch {
    return null;
  }
}
