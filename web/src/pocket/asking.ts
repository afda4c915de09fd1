/** What a patient tells the system at once, with an answer to wait for. */
import { ask } from "../api/client";
import { send } from "../api/http";
import type { Spot } from "./shapes";

const of = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;

/** Asked by nobody in particular: the code is what lets in. */
export function redeem(code: string, password: string) {
  const body = { code, password };
  return send<{ login: string; recovered: boolean }>(
    "/access/redeem",
    { method: "POST", body },
    null,
  );
}

export function changeMole(moleId: string, what: { name?: string | null; spot?: Spot | null }) {
  return ask<unknown>(of("/me/lesions", moleId), { method: "PATCH", body: what });
}

export function deleteImage(imageId: string) {
  return ask<unknown>(of("/me/images", imageId), { method: "DELETE" });
}

export function markRead(questionId: string, revision: number) {
  const path = `${of("/me/questions", questionId)}/read?revision=${revision}`;
  return ask<unknown>(path, { method: "POST" });
}

export function takeBackPublication() {
  return ask<unknown>("/me/consent", { method: "PATCH", body: { publication: false } });
}

export function withdraw() {
  return ask<unknown>("/me/consent/withdraw", { method: "POST" });
}
