/**
 * What the pool's library keeps of a session, and where: in the tab's storage, or in the phone's when the
 * session is to outlive the tab. Each key names the client of the pool that the session was begun with.
 */

/** Whether the session outlives the tab: a patient's on his own phone does, at work none does. */
const STAYS = "rodinka.stays";
const PREFIX = "CognitoIdentityServiceProvider.";
/** Of the tokens, by client and login; a client's id has no dot, a login may have some. */
const ACCESS = /^CognitoIdentityServiceProvider\.([^.]+)\..+\.accessToken$/;

export interface Held {
  access: string;
  refresh: string;
  /** The client of the pool that renews them, and no other does. */
  client: string;
}

/** Whether there are tokens from before; known at once, before anything is asked. */
export function holdsTokens(): boolean {
  return accessKey() !== null;
}

/** The tokens as they are kept, perhaps run out; for what a patient's phone does without a network. */
export function heldTokens(): Held | null {
  const key = accessKey();
  const access = key && place().getItem(key);
  const refresh = key && place().getItem(key.replace(/accessToken$/, "refreshToken"));
  const client = heldClient();
  return access && refresh && client ? { access, refresh, client } : null;
}

/** The client of the pool that the session was begun with; null without a session. */
export function heldClient(): string | null {
  return accessKey()?.match(ACCESS)?.[1] ?? null;
}

/** Whether the session outlives the tab. */
export function staysSignedIn(): boolean {
  try {
    return localStorage.getItem(STAYS) !== null;
  } catch {
    return false;
  }
}

/** From now on what is kept outlives the tab, or no more. */
export function remain(stay: boolean): void {
  try {
    if (stay) localStorage.setItem(STAYS, "yes");
    else localStorage.removeItem(STAYS);
  } catch {
    // Storage may be forbidden; then the session ends with the tab.
  }
}

/** Move what is kept to where it outlives the tab, or back. False where the browser forbids it. */
export function move(stay: boolean): boolean {
  try {
    const [from, to] = stay ? [sessionStorage, localStorage] : [localStorage, sessionStorage];
    for (const key of ofLibrary(from)) {
      to.setItem(key, from.getItem(key) ?? "");
      from.removeItem(key);
    }
    return true;
  } catch {
    return false;
  }
}

/** Forget all of it, in both places. */
export function forgetKept(): void {
  try {
    for (const kept of [sessionStorage, localStorage]) {
      for (const key of ofLibrary(kept)) kept.removeItem(key);
    }
  } catch {
    // Then nothing was kept either.
  }
}

function accessKey(): string | null {
  try {
    return Object.keys(place()).find((key) => ACCESS.test(key)) ?? null;
  } catch {
    return null;
  }
}

function place(): Storage {
  return staysSignedIn() ? localStorage : sessionStorage;
}

function ofLibrary(kept: Storage): string[] {
  return Object.keys(kept).filter((key) => key.startsWith(PREFIX));
}
