/** One form, one step at a time: login and password, a password of one's own, the second factor. */
import { type FormEvent, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  beginSetUp,
  type Challenge,
  chooseNewPassword,
  finishSetUp,
  type Step,
  signInByPassword,
  tellCode,
} from "./challenges";
import { type Endpoint, SignInRefused, type Tokens } from "./cognito";
import { signedIn, signInEndpoint } from "./session";
import { hasExpired, refusalAt, SignInFailure } from "./sign-in-failure";
import { loadSettingUp, SignInFields, sixDigits } from "./sign-in-fields";

const FIRST: Step = { name: "PASSWORD", login: "" };
const FAILURE = "sign-in-failure";

export function SignInForm() {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [step, setStep] = useState(FIRST);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const withCode = step.name === "SOFTWARE_TOKEN_MFA" || step.name === "MFA_SETUP";

  // Before anything else is handled: what is typed at once goes where it belongs, and is not selected.
  useLayoutEffect(() => {
    // The first step leaves the focus where the browser put it; setting up begins with reading.
    if (step !== FIRST && step.name !== "MFA_SETUP") focusField(form.current);
  }, [step]);
  useLayoutEffect(() => {
    if (failure !== null) focusField(form.current);
  }, [failure]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      const at = await signInEndpoint();
      await goOn(at, await answered(at, step, (name) => String(data.get(name) ?? "")));
    } catch (error) {
      const refusal = refusalAt(step.name, error);
      if (hasExpired(refusal)) startOver();
      setFailure(refusal);
    } finally {
      setBusy(false);
    }
  }

  async function goOn(at: Endpoint, answer: Tokens | Challenge) {
    if ("access" in answer) return signedIn(answer);
    if (answer.name !== "MFA_SETUP") return setStep(answer);
    try {
      await loadSettingUp();
      setStep(await beginSetUp(at, answer));
    } catch (error) {
      // What was typed is spent, whatever it was: only the password leads here again.
      setStep({ ...FIRST, login: answer.login });
      throw error;
    }
  }

  function startOver() {
    setFailure(null);
    setStep({ ...FIRST, login: step.login });
  }

  return (
    <form ref={form} className="sign-in" onSubmit={submit} noValidate>
      <SignInFields
        step={step}
        failure={failure !== null && <SignInFailure id={FAILURE} error={failure} />}
        fault={failure instanceof SignInRefused ? FAILURE : undefined}
      />
      <button type="submit" className="primary" disabled={busy}>
        {busy
          ? t("signIn.busy")
          : step.name === "NEW_PASSWORD_REQUIRED"
            ? t("signIn.save")
            : t("signIn.submit")}
      </button>
      {withCode && (
        <button type="button" className="quiet" disabled={busy} onClick={startOver}>
          {t("signIn.startOver")}
        </button>
      )}
      {step.name === "SOFTWARE_TOKEN_MFA" && <p className="hint">{t("signIn.lost")}</p>}
    </form>
  );
}

/** Answers what the step asks with what was typed. */
async function answered(
  at: Endpoint,
  step: Step,
  typed: (name: string) => string,
): Promise<Tokens | Challenge> {
  if (step.name === "PASSWORD" || step.name === "NEW_PASSWORD_REQUIRED") {
    const login = step.name === "PASSWORD" ? typed("login").trim() : step.login;
    const password = typed("password");
    if (!login || !password) throw new SignInRefused("Empty", "");
    return step.name === "PASSWORD"
      ? signInByPassword(at, login, password)
      : chooseNewPassword(at, step, password);
  }
  const code = sixDigits(typed("code"));
  if (!code) throw new SignInRefused("EmptyCode", "");
  return "secret" in step ? finishSetUp(at, step, code) : tellCode(at, step, code);
}

/** The first field that is still empty; if none is, the last one, for that is what was refused. */
function focusField(form: HTMLFormElement | null): void {
  const fields = [...(form?.querySelectorAll("input") ?? [])];
  const field = fields.find((each) => each.value === "") ?? fields.at(-1);
  field?.focus();
  field?.select();
}
