/** One form, one step at a time: login and password, a password of one's own, the second factor. */
import { type FormEvent, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerStep, SignInRefused, type Step, tellPassword } from "./pool";
import { signedIn, turnStaffAway } from "./session";
import { hasExpired, refusalAt, SignInFailure } from "./sign-in-failure";
import { loadSettingUp, SignInFields, sixDigits } from "./sign-in-fields";

const FAILURE = "sign-in-failure";

interface Shown {
  /** Whoever was signed in before, or on this phone the last time. */
  login?: string;
  /** The session outlives the tab. */
  stay?: boolean;
  /** Called with the login before anything of the session is shown. */
  entering?: (login: string) => void;
}

export function SignInForm({ login = "", stay, entering }: Shown) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [first] = useState<Step>({ name: "PASSWORD", login });
  const [step, setStep] = useState(first);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const withCode = step.name === "CODE" || step.name === "SET_UP";

  // Before anything else is handled: what is typed at once goes where it belongs, and is not selected.
  useLayoutEffect(() => {
    // The first step leaves the focus where the browser put it; setting up begins with reading.
    if (step !== first && step.name !== "SET_UP") focusField(form.current);
  }, [step, first]);
  useLayoutEffect(() => {
    if (failure !== null) focusField(form.current);
  }, [failure]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      const next = await answered(step, (name) => String(data.get(name) ?? ""), stay);
      if (next?.name === "SET_UP") await loadSettingUp();
      if (next) return setStep(next);
      await turnStaffAway();
      if (step.name === "SET_UP") void tellOfApp();
      entering?.(step.name === "PASSWORD" ? String(data.get("login")).trim() : step.login);
      signedIn();
    } catch (error) {
      const refusal = refusalAt(step.name, error);
      if (hasExpired(refusal)) startOver();
      setFailure(refusal);
    } finally {
      setBusy(false);
    }
  }

  function startOver() {
    setFailure(null);
    setStep({ name: "PASSWORD", login: step.login });
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
          : step.name === "NEW_PASSWORD"
            ? t("signIn.save")
            : t("signIn.submit")}
      </button>
      {withCode && (
        <button type="button" className="quiet" disabled={busy} onClick={startOver}>
          {t("signIn.startOver")}
        </button>
      )}
      {step.name === "CODE" && <p className="hint">{t("signIn.lost")}</p>}
    </form>
  );
}

/** Answers what the step asks with what was typed. */
function answered(
  step: Step,
  typed: (name: string) => string,
  stay?: boolean,
): Promise<Step | null> {
  if (step.name === "PASSWORD" || step.name === "NEW_PASSWORD") {
    const login = step.name === "PASSWORD" ? typed("login").trim() : step.login;
    const password = typed("password");
    if (!login || !password) throw new SignInRefused("Empty", "");
    return step.name === "PASSWORD"
      ? tellPassword(login, password, { stay })
      : answerStep(login, password);
  }
  const code = sixDigits(typed("code"));
  if (!code) throw new SignInRefused("EmptyCode", "");
  return answerStep(step.login, code);
}

/** A pool that requires codes asks for them as it is; told to prefer them it also shows that there is an app. */
async function tellOfApp(): Promise<void> {
  await import("../account/pool").then(({ askForCodes }) => askForCodes()).catch(() => undefined);
}

/** The first field that is still empty; if none is, the last one, for that is what was refused. */
function focusField(form: HTMLFormElement | null): void {
  const fields = [...(form?.querySelectorAll("input") ?? [])];
  const field = fields.find((each) => each.value === "") ?? fields.at(-1);
  field?.focus();
  field?.select();
}
