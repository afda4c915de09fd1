/** Signing in step by step: after the password Cognito may ask for more before it gives tokens. */
import { type Answer, call, type Endpoint, SignInRefused, type Tokens, tokens } from "./cognito";

/** A temporary password to be replaced, a code to be told, a second factor to be set up. */
const ANSWERED = ["NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA", "MFA_SETUP"] as const;

/** What the pool asks next, and the session (good for minutes) in which it is answered. */
export interface Challenge {
  name: (typeof ANSWERED)[number];
  login: string;
  session: string;
}

/** The key that the person's app is to be given. It is shown, and kept nowhere. */
export interface SetUp extends Challenge {
  secret: string;
}

/** Where a person is on the way in; `login` is known from an earlier try. */
export type Step = { name: "PASSWORD"; login: string } | Challenge | SetUp;

export async function signInByPassword(
  at: Endpoint,
  login: string,
  password: string,
): Promise<Tokens | Challenge> {
  const answer = await call(at, "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId: at.client_id,
    AuthParameters: { USERNAME: login, PASSWORD: password },
  });
  return next(answer, login);
}

export function chooseNewPassword(at: Endpoint, asked: Challenge, password: string) {
  return respond(at, asked, { NEW_PASSWORD: password });
}

/** `code` is the six digits that the person's app shows now. */
export function tellCode(at: Endpoint, asked: Challenge, code: string) {
  return respond(at, asked, { SOFTWARE_TOKEN_MFA_CODE: code });
}

export async function beginSetUp(at: Endpoint, asked: Challenge): Promise<SetUp> {
  const answer = await call(at, "AssociateSoftwareToken", { Session: asked.session });
  if (!answer.SecretCode) throw new SignInRefused("NoSecret", "");
  return { ...asked, session: answer.Session ?? asked.session, secret: answer.SecretCode };
}

/** A code proves that the person's app has the key; with that he is signed in. */
export async function finishSetUp(at: Endpoint, begun: SetUp, code: string) {
  const answer = await call(at, "VerifySoftwareToken", { Session: begun.session, UserCode: code });
  if (answer.Status !== "SUCCESS") throw new SignInRefused("EnableSoftwareTokenMFAException", "");
  return respond(at, { ...begun, session: answer.Session ?? begun.session }, {});
}

async function respond(
  at: Endpoint,
  asked: Challenge,
  responses: Record<string, string>,
): Promise<Tokens | Challenge> {
  const answer = await call(at, "RespondToAuthChallenge", {
    ClientId: at.client_id,
    ChallengeName: asked.name,
    Session: asked.session,
    ChallengeResponses: { USERNAME: asked.login, ...responses },
  });
  return next(answer, asked.login);
}

function next(answer: Answer, login: string): Tokens | Challenge {
  const name = ANSWERED.find((known) => known === answer.ChallengeName);
  return name && answer.Session ? { name, login, session: answer.Session } : tokens(answer);
}
