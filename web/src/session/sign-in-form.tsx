/** Login and password, and a password of one's own in place of a temporary one. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { RequestNumber, useSentence } from "../ui/failure";
import {
  chooseNewPassword,
  type NewPasswordWanted,
  SignInRefused,
  signInByPassword,
} from "./cognito";
import { signedIn, signInEndpoint } from "./session";

export function SignInForm() {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<NewPasswordWanted | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const login = wanted?.login ?? String(form.get("login") ?? "").trim();
    const password = String(form.get("password") ?? "");
    if (!login || !password) return setFailure(new SignInRefused("Empty", ""));
    setBusy(true);
    setFailure(null);
    try {
      const at = await signInEndpoint();
      const answer = wanted
        ? await chooseNewPassword(at, wanted, password)
        : await signInByPassword(at, login, password);
      if ("access" in answer) signedIn(answer);
      else setWanted(answer);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="sign-in" onSubmit={submit} noValidate>
      {failure !== null && <SignInFailure error={failure} />}
      {wanted ? (
        <p>{t("signIn.newPasswordWhy")}</p>
      ) : (
        <div className="field">
          <label htmlFor="login">{t("signIn.login")}</label>
          <input
            id="login"
            name="login"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
        </div>
      )}
      <Password
        key={wanted ? "new" : "current"}
        label={wanted ? t("signIn.newPassword") : t("signIn.password")}
        autoComplete={wanted ? "new-password" : "current-password"}
      />
      <button type="submit" className="primary" disabled={busy}>
        {busy ? t("signIn.busy") : wanted ? t("signIn.save") : t("signIn.submit")}
      </button>
    </form>
  );
}

function Password({ label, autoComplete }: { label: string; autoComplete: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor="password">{label}</label>
      <div className="joined">
        <input
          id="password"
          name="password"
          type={shown ? "text" : "password"}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
        />
        <button
          type="button"
          aria-pressed={shown}
          aria-label={shown ? t("signIn.hide") : t("signIn.show")}
          onClick={() => setShown(!shown)}
        >
          <Eye crossed={shown} />
        </button>
      </div>
    </div>
  );
}

function Eye({ crossed }: { crossed: boolean }) {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" className="icon">
      <path d="M2 12c3-5 6.500-7 10-7s7 2 10 7c-3 5-6.500 7-10 7s-7-2-10-7z" />
      <circle cx="12" cy="12" r="3" />
      {crossed && <path d="M4 20 20 4" />}
    </svg>
  );
}

const KNOWN = {
  Empty: "empty",
  NotAuthorizedException: "wrong",
  UserNotFoundException: "wrong",
  InvalidParameterException: "wrong",
  TooManyRequestsException: "tooMany",
  LimitExceededException: "tooMany",
  PasswordResetRequiredException: "resetRequired",
  SOFTWARE_TOKEN_MFA: "secondFactor",
  SMS_MFA: "secondFactor",
  MFA_SETUP: "secondFactor",
  InvalidPasswordException: "newPasswordRefused",
} as const;

function SignInFailure({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const refused = error instanceof SignInRefused;
  const known = refused && error.type in KNOWN ? KNOWN[error.type as keyof typeof KNOWN] : null;
  return (
    <div className="failure" role="alert">
      <p>
        {known
          ? t(`signIn.${known}`)
          : refused
            ? t("signIn.other", { type: error.type })
            : sentence(error)}
      </p>
      <RequestNumber error={error} />
    </div>
  );
}
