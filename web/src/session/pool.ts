/**
 * The user pool, spoken to through its own library: signing in step by step, and tokens that are renewed.
 * Signing out does not wait for an answer as the library would. The local stack answers as the pool does.
 */
import { confirmSignIn, fetchAuthSession, signIn } from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";
import {
  Amplify,
  ConsoleLogger,
  defaultStorage,
  sessionStorage as tabStorage,
} from "@aws-amplify/core";
import type { Config } from "../api/contract";
import { Unreachable } from "../api/errors";
import { askPublicly } from "../api/http";
import { clientOf } from "./client";
import { forgetKept, heldClient, heldTokens, move, remain, staysSignedIn } from "./kept";
import { askPool } from "./pool-request";

/** The pool's refusal; `type` is its exception's name, `said` its own English sentence. */
export class SignInRefused extends Error {
  constructor(
    readonly type: string,
    readonly said: string,
  ) {
    super(type);
    this.name = "SignInRefused";
  }
}

/** Where a person is on the way in; `login` is known from an earlier try. */
export type Step =
  | { name: "PASSWORD"; login: string }
  | { name: "NEW_PASSWORD"; login: string }
  | { name: "CODE"; login: string }
  | SetUp;

/** The key that the person's app is to be given. It is shown, and kept nowhere. */
export interface SetUp {
  name: "SET_UP";
  login: string;
  secret: string;
}

// It would warn at each visit that the pool is asked where the configuration says.
ConsoleLogger.LOG_LEVEL = "ERROR";

let config: Promise<Config> | null = null;
let ready: Promise<void> | null = null;

/** The public configuration; asked once, and again after a failure. */
export function configuration(): Promise<Config> {
  config ??= askPublicly<Config>("/config").catch((error: unknown) => {
    config = null;
    throw error;
  });
  return config;
}

/** From now on the session outlives the tab, or no more. False where the browser forbids it. */
export async function staySignedIn(stay: boolean): Promise<boolean> {
  if (stay === staysSignedIn()) return true;
  if (!move(stay)) return false;
  remain(stay);
  await poolReady({ anew: true });
  return true;
}

/** Sign in by password. Null: that was all. Throws `SignInRefused` or `Unreachable`. */
export async function tellPassword(
  login: string,
  password: string,
  { stay = false } = {},
): Promise<Step | null> {
  // Whoever was signed in before goes first, from the place where his tokens were kept.
  await forgetTokens();
  remain(stay);
  await poolReady({ anew: true });
  return refusing(async () => {
    const options = { authFlowType: "USER_PASSWORD_AUTH" } as const;
    return next((await signIn({ username: login, password, options })).nextStep, login);
  });
}

/** Answer what a step asks: a new password, or the six digits that the person's app shows now. */
export function answerStep(login: string, answer: string): Promise<Step | null> {
  return refusing(async () =>
    next((await confirmSignIn({ challengeResponse: answer })).nextStep, login),
  );
}

/** A token that is good now, renewed if need be; null when the pool gives none any more. */
export async function accessToken({ renew = false } = {}): Promise<string | null> {
  await poolReady();
  try {
    const { tokens } = await fetchAuthSession({ forceRefresh: renew });
    return tokens?.accessToken.toString() ?? null;
  } catch (error) {
    throw new Unreachable(error);
  }
}

/** Do something with the account of whoever is signed in. Throws `SignInRefused` or `Unreachable`. */
export async function asOwner<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  await poolReady();
  return refusing(act);
}

/**
 * Forget the tokens: here before anything else, for the page may be closed now, and then at the pool, by a
 * request that outlives the page and may fail quietly.
 */
export async function forgetTokens(): Promise<void> {
  const held = heldTokens();
  forgetKept();
  if (!held) return;
  try {
    const { endpoint } = (await configuration()).auth;
    const asked = { ClientId: held.client, Token: held.refresh };
    const tell = (keepalive: boolean) => askPool(endpoint, "RevokeToken", asked, { keepalive });
    // Some browsers let no request to another host outlive the page.
    await tell(true).catch(() => tell(false));
  } catch {
    // Then the session ends at the pool when its time is over.
  }
}

type NextStep = Awaited<ReturnType<typeof signIn>>["nextStep"];

function next(step: NextStep, login: string): Step | null {
  switch (step.signInStep) {
    case "DONE":
      return null;
    case "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED":
      return { name: "NEW_PASSWORD", login };
    case "CONFIRM_SIGN_IN_WITH_TOTP_CODE":
      return { name: "CODE", login };
    case "CONTINUE_SIGN_IN_WITH_TOTP_SETUP":
      return { name: "SET_UP", login, secret: step.totpSetupDetails.sharedSecret };
    case "RESET_PASSWORD":
      throw new SignInRefused("PasswordResetRequiredException", "");
    default:
      throw new SignInRefused(step.signInStep, "");
  }
}

async function refusing<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SignInRefused || !(error instanceof Error)) throw error;
    if (error.name === "NetworkError" || error.name === "Unknown") throw new Unreachable(error);
    throw new SignInRefused(error.name, error.message);
  }
}

function poolReady({ anew = false } = {}): Promise<void> {
  if (anew) ready = null;
  ready ??= configuration()
    .then(({ auth }) => configure(auth))
    .catch((error: unknown) => {
      ready = null;
      throw error;
    });
  return ready;
}

function configure(auth: Config["auth"]): void {
  const cognito = {
    // The issuer's address ends with the pool's id.
    userPoolId: auth.issuer.slice(auth.issuer.lastIndexOf("/") + 1),
    userPoolClientId: clientOf(auth, location.pathname, heldClient()),
    userPoolEndpoint: auth.endpoint,
  };
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito: cognito });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(staysSignedIn() ? defaultStorage : tabStorage);
  Amplify.configure(
    { Auth: { Cognito: cognito } },
    { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } },
  );
}
