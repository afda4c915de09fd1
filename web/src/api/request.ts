/** One request to the API with what it needs told: for the pages, and for the worker beside them. */
import { refusalOf, Unreachable } from "./errors";

export const API = "/api/v1";

export interface Ask {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  body?: unknown;
  /** The same key with the same body gives the same answer again. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Throws `Refusal` or `Unreachable`. */
export async function request<Answer>(
  path: string,
  options: Ask,
  { token, language }: { token: string | null; language: string },
): Promise<Answer> {
  const headers: Record<string, string> = { "Accept-Language": language };
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

async function answerOf(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(API + path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable(error);
  }
}
