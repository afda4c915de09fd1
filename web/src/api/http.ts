/** One request to the API, whoever asks: the language, and the one shape of refusals. */
import { language } from "../language";
import { refusalOf, Unreachable } from "./errors";

const API = "/api/v1";
export const OPENAPI_URL = `${API}/openapi.json`;

export interface Ask {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  body?: unknown;
  /** The same key with the same body gives the same answer again. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Ask what anybody may know. Throws `Refusal` or `Unreachable`. */
export function askPublicly<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return send<Answer>(path, { signal }, null);
}

export async function send<Answer>(
  path: string,
  options: Ask,
  token: string | null,
): Promise<Answer> {
  const headers: Record<string, string> = { "Accept-Language": language() };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  const answer = await answerOf(path, {
    method: options.method ?? "GET",
    headers,
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: options.signal,
  });
  if (!answer.ok) throw await refusalOf(answer);
  if (answer.status === 204) return undefined as Answer;
  try {
    return (await answer.json()) as Answer;
  } catch (error) {
    throw new Unreachable(error);
  }
}

async function answerOf(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(API + path, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new Unreachable(error);
  }
}
