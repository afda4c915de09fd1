/** One request to the API in the language of the pages, whoever asks. */
import { language } from "../language";
import { API, type Ask, request } from "./request";

export type { Ask };
export const OPENAPI_URL = `${API}/openapi.json`;

/** Ask what anybody may know. Throws `Refusal` or `Unreachable`. */
export function askPublicly<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return send<Answer>(path, { signal }, null);
}

export function send<Answer>(path: string, options: Ask, token: string | null): Promise<Answer> {
  return request<Answer>(path, options, { token, language: language() });
}
