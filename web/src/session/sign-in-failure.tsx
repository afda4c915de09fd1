/** Why signing in did not go on, in words for the step at which it happened. */
import { useTranslation } from "react-i18next";
import { RequestNumber, useSentence } from "../ui/failure";
import { SignInRefused, type Step } from "./pool";

const KNOWN = {
  Empty: "empty",
  EmptyCode: "codeEmpty",
  NotAuthorizedException: "wrong",
  UserNotFoundException: "wrong",
  InvalidParameterException: "wrong",
  TooManyRequestsException: "tooMany",
  LimitExceededException: "tooMany",
  PasswordResetRequiredException: "resetRequired",
  InvalidPasswordException: "newPasswordRefused",
  CodeMismatchException: "codeWrong",
  EnableSoftwareTokenMFAException: "codeWrong",
  ExpiredCodeException: "codeUsed",
  CONFIRM_SIGN_IN_WITH_SMS_CODE: "otherFactor",
  CONFIRM_SIGN_IN_WITH_EMAIL_CODE: "otherFactor",
  CONTINUE_SIGN_IN_WITH_MFA_SELECTION: "otherFactor",
  Expired: "expired",
  ExpiredSetUp: "setUpExpired",
  NotAPatient: "notAPatient",
} as const;

/**
 * What Cognito refused, told apart where it uses one name for several things: a wrong password, too
 * many wrong ones, and a session of one sign-in (it lives for minutes) that ended meanwhile.
 */
export function refusalAt(step: Step["name"], error: unknown): unknown {
  if (!(error instanceof SignInRefused) || error.type !== "NotAuthorizedException") return error;
  if (/attempts exceeded/i.test(error.said)) {
    return new SignInRefused("TooManyRequestsException", error.said);
  }
  if (step === "PASSWORD") return error;
  return new SignInRefused(step === "SET_UP" ? "ExpiredSetUp" : "Expired", error.said);
}

export function hasExpired(error: unknown): boolean {
  return error instanceof SignInRefused && ["Expired", "ExpiredSetUp"].includes(error.type);
}

export function SignInFailure({ id, error }: { id: string; error: unknown }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const refused = error instanceof SignInRefused;
  const known = refused && error.type in KNOWN ? KNOWN[error.type as keyof typeof KNOWN] : null;
  return (
    <div className="failure" role="alert" id={id}>
      <p>
        {known
          ? t(`signIn.${known}`)
          : refused
            ? t("signIn.other", { type: error.type })
            : sentence(error)}
      </p>
      {refused && error.type === "NotAPatient" && (
        <p>
          {/* Loaded anew: nothing that was open here for a patient goes along. */}
          <a href="/">{t("signIn.toStaff")}</a>
        </p>
      )}
      <RequestNumber error={error} />
    </div>
  );
}
