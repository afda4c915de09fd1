/** Whose phone pages these are: the account's own number in the access token, known without a network. */
import { heldTokens } from "../../session/kept";

export function ownerOf(accessToken: string): string | null {
  try {
    const [, claims = ""] = accessToken.split(".");
    const said: unknown = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    const subject = (said as { sub?: unknown }).sub;
    return typeof subject === "string" && subject ? subject : null;
  } catch {
    return null;
  }
}

/** Null when nobody is signed in. */
export function currentOwner(): string | null {
  const held = heldTokens();
  return held && ownerOf(held.access);
}
