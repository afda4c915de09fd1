/** Asking the API: the token, the language and the one shape of refusals. */
import { language } from "../language";
import { freshAccessToken, sessionEnded } from "../session/session";
import { Refusal, refusalOf, Unreachable } from "./errors";

export const API = "/api/v1";

interface Ask {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  body?: unknown;
  /** The same key with the same body gives the same answer again. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Ask as the account that is signed in. Throws `Refusal` or `Unreachable`. */
export async function ask<Answer>(path: string, options: Ask = {}): Promise<Answer> {
  const token = await freshAccessToken();
  try {
    return await send<Answer>(path, options, token);
  } catch (error) {
    if (!(error instanceof Refusal && isUnauthorized(error))) throw error;
    // The token may have been revoked before its time; a new one tells a closed account apart.
    const renewed = await freshAccessToken({ after: token });
    try {
      return await send<Answer>(path, options, renewed);
    } catch (again) {
      if (again instanceof Refusal && isUnauthorized(again)) sessionEnded();
      throw again;
    }
  }
}

/** Ask what anybody may know. */
export function askPublicly<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return send<Answer>(path, { signal }, null);
}

/** 401, or the 403 without our error body by which a gateway's authorizer says the same. */
function isUnauthorized(refusal: Refusal): boolean {
  return refusal.status === 401 || refusal.code === "unauthorized" || refusal.code === "http_403";
}

async function send<Answer>(path: string, options: Ask, token: string | null): Promise<Answer> {
  const headers: Record<string, string> = { "Accept-Language": language() };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  let answer: Response;
  try {
    answer = await fetch(API + path, {
      method: options.method ?? "GET",
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreachable(error);
  }
  if (!answer.ok) throw await refusalOf(answer);
  if (answer.status === 204) return undefined as Answer;
  try {
    return (await answer.json()) as Answer;
  } catch (error) {
    throw new Unreachable(error);
  }
}
