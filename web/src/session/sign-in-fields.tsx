/** What each step of signing in shows and asks. */
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Unreachable } from "../api/errors";
import { PasswordField } from "./password-field";
import type { Step } from "./pool";

const settingUp = () => import("./setting-up");
const SettingUp = lazy(async () => ({ default: (await settingUp()).SettingUp }));

/** Fetch what only setting up needs, a thing of once; raises `Unreachable`. */
export async function loadSettingUp(): Promise<void> {
  await settingUp().catch((error: unknown) => {
    throw new Unreachable(error);
  });
}

interface Shown {
  step: Step;
  /** Why the last answer was refused; it stands right before what is to be typed again. */
  failure: ReactNode;
  /** The id of its sentence, if it is about what was typed. */
  fault: string | undefined;
}

export function SignInFields({ step, failure, fault }: Shown) {
  const { t } = useTranslation();
  switch (step.name) {
    case "PASSWORD":
      return (
        <>
          {failure}
          <div className="field">
            <label htmlFor="login">{t("signIn.login")}</label>
            <input
              id="login"
              name="login"
              defaultValue={step.login}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
            />
          </div>
          <PasswordField
            key="current"
            label={t("signIn.password")}
            autoComplete="current-password"
          />
        </>
      );
    case "NEW_PASSWORD":
      return (
        <>
          {failure}
          <p>{t("signIn.newPasswordWhy")}</p>
          <PasswordField key="new" label={t("signIn.newPassword")} autoComplete="new-password" />
        </>
      );
    case "CODE":
      return (
        <>
          {failure}
          <p id="code-why">{t("signIn.codeWhy")}</p>
          <CodeField about={fault ?? "code-why"} wrong={fault !== undefined} />
        </>
      );
    case "SET_UP":
      return (
        <>
          <Suspense>
            <SettingUp begun={step} />
          </Suspense>
          {failure}
          <CodeField about={fault} wrong={fault !== undefined} />
        </>
      );
  }
}

export function CodeField({ about, wrong }: { about: string | undefined; wrong: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="field">
      <label htmlFor="code">{t("signIn.code")}</label>
      <div className="joined">
        <input
          id="code"
          name="code"
          className="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={12}
          aria-invalid={wrong}
          aria-describedby={about}
        />
      </div>
    </div>
  );
}

/** The digits of what was typed or pasted; null unless they are six. */
export function sixDigits(typed: string): string | null {
  const digits = typed.replace(/\D/g, "");
  return digits.length === 6 ? digits : null;
}
