/** What the user pool means by its refusals of what an owner asks; it has one name for several things. */
import { SignInRefused } from "../session/pool";

export type Known = "wrong" | "weak" | "tooMany" | "codeWrong" | "codeUsed" | "none" | "ended";

const NAMES: Readonly<Record<string, Known>> = {
  InvalidPasswordException: "weak",
  LimitExceededException: "tooMany",
  TooManyRequestsException: "tooMany",
  TooManyFailedAttemptsException: "tooMany",
  CodeMismatchException: "codeWrong",
  EnableSoftwareTokenMFAException: "codeWrong",
  ExpiredCodeException: "codeUsed",
  SoftwareTokenMFANotFoundException: "none",
  UserUnAuthenticatedException: "ended",
};

/** What a refusal says; null for one that nobody expects here, and for what is no refusal. */
export function meaningOf(error: unknown): Known | null {
  if (!(error instanceof SignInRefused)) return null;
  if (error.type === "NotAuthorizedException") {
    if (/attempts? (limit )?exceeded/i.test(error.said)) return "tooMany";
    return /token/i.test(error.said) ? "ended" : "wrong";
  }
  if (error.type === "InvalidParameterException") {
    // A text that the pool would not take for a password at all, at either of the two places.
    if (/previousPassword/i.test(error.said)) return "wrong";
    return /proposedPassword/i.test(error.said) ? "weak" : null;
  }
  return NAMES[error.type] ?? null;
}

export function hasEnded(error: unknown): boolean {
  return meaningOf(error) === "ended";
}
