/** A fresh access token for the worker, which has neither the pages' storage nor the pool's library. */
import { Unreachable } from "../../api/errors";
import { askPool } from "../../session/pool-request";
import type { KeptSession } from "../keeping/staying";

/** The pool ended the session. */
export class Ended extends Error {}

export async function renewed({ endpoint, client_id, refresh }: KeptSession): Promise<string> {
  const answer = await askPool(endpoint, "InitiateAuth", {
    AuthFlow: "REFRESH_TOKEN_AUTH",
    ClientId: client_id,
    AuthParameters: { REFRESH_TOKEN: refresh },
  }).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  if (answer.status >= 500 || answer.status === 429) throw new Unreachable();
  const said: unknown = await answer.json().catch(() => null);
  const token = (said as { AuthenticationResult?: { AccessToken?: unknown } } | null)
    ?.AuthenticationResult?.AccessToken;
  if (!answer.ok || typeof token !== "string") throw new Ended();
  return token;
}
