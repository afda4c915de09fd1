/** How the pages speak to Cognito, and a session's life there; the local stack speaks so too. */
import { Unreachable } from "../api/errors";

export interface Endpoint {
  endpoint: string;
  client_id: string;
}

export interface Tokens {
  access: string;
  refresh: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Cognito's refusal; `type` is its exception's name, `said` its own English sentence. */
export class SignInRefused extends Error {
  constructor(
    readonly type: string,
    readonly said: string,
  ) {
    super(type);
    this.name = "SignInRefused";
  }
}

/** What Cognito answers, as far as the pages read it. */
export interface Answer {
  AuthenticationResult?: { AccessToken: string; RefreshToken?: string; ExpiresIn: number };
  ChallengeName?: string;
  Session?: string;
  SecretCode?: string;
  Status?: string;
}

export async function renew(at: Endpoint, refresh: string): Promise<Tokens> {
  return tokens(
    await call(at, "InitiateAuth", {
      AuthFlow: "REFRESH_TOKEN_AUTH",
      ClientId: at.client_id,
      AuthParameters: { REFRESH_TOKEN: refresh },
    }),
    refresh,
  );
}

export async function revoke(at: Endpoint, refresh: string): Promise<void> {
  await call(at, "RevokeToken", { ClientId: at.client_id, Token: refresh });
}

export function tokens(answer: Answer, refresh = ""): Tokens {
  const result = answer.AuthenticationResult;
  if (!result) throw new SignInRefused(answer.ChallengeName ?? "NoTokens", "");
  return {
    access: result.AccessToken,
    refresh: result.RefreshToken ?? refresh,
    expiresAt: Date.now() + result.ExpiresIn * 1000,
  };
}

export async function call(at: Endpoint, action: string, body: unknown): Promise<Answer> {
  let answer: Response;
  try {
    answer = await fetch(at.endpoint, {
      method: "POST",
      // Who signs out and closes the tab at once is signed out all the same.
      keepalive: true,
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw new Unreachable(error);
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said as Answer;
  const type = String(said.__type ?? answer.headers.get("x-amzn-errortype") ?? answer.status);
  throw new SignInRefused(type.split("#").pop()?.split(":")[0] ?? type, String(said.message ?? ""));
}
