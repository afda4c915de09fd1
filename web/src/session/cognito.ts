/** The part of Cognito's protocol by which people sign in; the local stack speaks it too. */
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

/** The password is right but temporary: the account must choose its own. */
export interface NewPasswordWanted {
  login: string;
  session: string;
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

interface Answer {
  AuthenticationResult?: { AccessToken: string; RefreshToken?: string; ExpiresIn: number };
  ChallengeName?: string;
  Session?: string;
}

export async function signInByPassword(
  at: Endpoint,
  login: string,
  password: string,
): Promise<Tokens | NewPasswordWanted> {
  const answer = await call(at, "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId: at.client_id,
    AuthParameters: { USERNAME: login, PASSWORD: password },
  });
  if (answer.ChallengeName === "NEW_PASSWORD_REQUIRED" && answer.Session) {
    return { login, session: answer.Session };
  }
  return tokens(answer);
}

export async function chooseNewPassword(
  at: Endpoint,
  wanted: NewPasswordWanted,
  password: string,
): Promise<Tokens> {
  return tokens(
    await call(at, "RespondToAuthChallenge", {
      ClientId: at.client_id,
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session: wanted.session,
      ChallengeResponses: { USERNAME: wanted.login, NEW_PASSWORD: password },
    }),
  );
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

function tokens(answer: Answer, refresh = ""): Tokens {
  const result = answer.AuthenticationResult;
  if (!result) throw new SignInRefused(answer.ChallengeName ?? "NoTokens", "");
  return {
    access: result.AccessToken,
    refresh: result.RefreshToken ?? refresh,
    expiresAt: Date.now() + result.ExpiresIn * 1000,
  };
}

async function call(at: Endpoint, action: string, body: unknown): Promise<Answer> {
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
