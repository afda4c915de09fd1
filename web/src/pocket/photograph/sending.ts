/** A photograph and where it belongs, put in the queue. */

import { sha256 } from "../../images/sha256";
import { add } from "../keeping/waiting";
import type { Marks, NewMole } from "../shapes";
import { encoded } from "./reencoding";

export type Target =
  | { kind: "known"; id: string }
  | { kind: "new"; mole: NewMole }
  /** Its mole waits in the queue itself. */
  | { kind: "waiting"; task: string };

export interface Photographed {
  photograph: ImageBitmap;
  /** YYYY-MM-DD. */
  on: string;
  marks: Marks | null;
}

/** Answers where it went. Rejects where this phone could not keep it. */
export async function send(
  { photograph, on, marks }: Photographed,
  target: Target,
): Promise<Target> {
  const { bytes, contentType, preview } = await encoded(photograph);
  const image = {
    content_type: contentType,
    bytes: bytes.byteLength,
    sha256: await sha256(bytes),
    taken_on: on,
    ...(marks ? { marks } : {}),
  };
  let to = target;
  if (to.kind === "new") to = { kind: "waiting", task: await add({ kind: "mole", mole: to.mole }) };
  const of = to.kind === "known" ? { id: to.id } : { task: to.task };
  await add({ kind: "photograph", of, image, preview }, bytes);
  return to;
}
