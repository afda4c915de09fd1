import { describe, expect, it } from "vitest";
import { SignInRefused } from "../session/pool";
import { hasEnded, meaningOf } from "./refusals";

const NOT_AUTHORIZED = "NotAuthorizedException";
const INVALID = "InvalidParameterException";

describe("a refusal of the pool", () => {
  it.each([
    [NOT_AUTHORIZED, "Incorrect username or password.", "wrong"],
    [NOT_AUTHORIZED, "Password attempts exceeded", "tooMany"],
    [NOT_AUTHORIZED, "Access Token has been revoked", "ended"],
    [NOT_AUTHORIZED, "Access Token has expired", "ended"],
    ["LimitExceededException", "Attempt limit exceeded, please try after some time.", "tooMany"],
    ["TooManyRequestsException", "Too many requests", "tooMany"],
    ["InvalidPasswordException", "Password did not conform with policy", "weak"],
    [INVALID, "Value at 'previousPassword' failed to satisfy constraint", "wrong"],
    [INVALID, "Value at 'proposedPassword' failed to satisfy constraint", "weak"],
    [INVALID, "Value at 'userCode' failed to satisfy constraint", null],
    ["EnableSoftwareTokenMFAException", "Code mismatch", "codeWrong"],
    ["CodeMismatchException", "Invalid code received for user", "codeWrong"],
    ["ExpiredCodeException", "Your software token has already been used once.", "codeUsed"],
    ["SoftwareTokenMFANotFoundException", "not enabled by the userPool", "none"],
    ["UserUnAuthenticatedException", "User needs to be authenticated", "ended"],
    ["SomethingNewException", "?", null],
  ])("%s with %j means %s", (type, said, meaning) => {
    expect(meaningOf(new SignInRefused(type, said))).toBe(meaning);
  });

  it("is no lost connection and no fault of the page", () => {
    expect(meaningOf(new Error("NotAuthorizedException"))).toBeNull();
    expect(hasEnded(new TypeError("token"))).toBe(false);
  });
});
