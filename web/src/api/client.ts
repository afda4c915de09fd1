/** Asking the API as the account that is signed in. */
import { freshAccessToken, sessionEnded } from "../session/session";
import { isUnauthorized } from "./errors";
import { type Ask, send } from "./http";

/** Throws `Refusal` or `Unreachable`. */
export async function ask<Answer>(path: string, options: Ask = {}): Promise<Answer> {
  const token = await freshAccessToken();
  try {
    return await send<Answer>(path, options, token);
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
  }
  // The token may have been revoked before its time; a new one tells a closed account apart.
  const renewed = await freshAccessToken({ after: token });
  try {
    return await send<Answer>(path, options, renewed);
  } catch (error) {
    if (isUnauthorized(error)) sessionEnded();
    throw error;
  }
}
