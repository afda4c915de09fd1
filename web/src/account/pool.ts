/** What the user pool does for an account's owner. Each throws `SignInRefused` or `Unreachable`. */
import {
  fetchMFAPreference,
  setUpTOTP,
  updateMFAPreference,
  updatePassword,
  verifyTOTPSetup,
} from "@aws-amplify/auth";
import { queryOptions } from "@tanstack/react-query";
import { Unreachable } from "../api/errors";
import { asOwner } from "../session/pool";
import { sessionEnded } from "../session/session";
import { hasEnded } from "./refusals";

/** Whether an app is set up, so that its codes are asked for. */
export const factorQuery = queryOptions({
  queryKey: ["second-factor"],
  queryFn: () =>
    inSession(async () => (await fetchMFAPreference()).enabled?.includes("TOTP") ?? false),
  retry: (failures, error) => failures < 2 && error instanceof Unreachable,
});

export function changePassword(oldPassword: string, newPassword: string): Promise<void> {
  return inSession(() => updatePassword({ oldPassword, newPassword }));
}

/** A new key for an app, to be confirmed at once: it is said that the one before may not count from here on. */
export function newKey(): Promise<string> {
  return inSession(async () => (await setUpTOTP()).sharedSecret);
}

/** Tell the digits that the app shows for the new key: from now on it is the key. */
export function confirmKey(code: string): Promise<void> {
  return inSession(() => verifyTOTPSetup({ code }));
}

/** From now on a code is asked for at each sign-in; only with a key that was confirmed. */
export function askForCodes(): Promise<void> {
  return inSession(() => updateMFAPreference({ totp: "PREFERRED" }));
}

/** Asks to sign in again where the session has ended meanwhile. */
async function inSession<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await asOwner(act);
  } catch (error) {
    if (hasEnded(error)) sessionEnded();
    throw error;
  }
}
