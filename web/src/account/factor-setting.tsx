/** A new key for an app, and the digits by which the app shows that it has it. */
import { type FormEvent, lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeField, sixDigits } from "../session/sign-in-fields";
import { askForCodes, confirmKey } from "./pool";
import { meaningOf } from "./refusals";
import { NoCode, Refused } from "./refused";

const KeyForApp = lazy(async () => ({
  default: (await import("../session/setting-up")).KeyForApp,
}));
const FAILURE = "factor-failure";

interface Shown {
  login: string;
  secret: string;
  /** Another app holds the key that goes. */
  instead: boolean;
  large: boolean;
  confirmed: () => Promise<void>;
  leave: () => void;
}

export function FactorSetting({ login, secret, instead, large, confirmed, leave }: Shown) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const accepted = useRef(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);

  // There is something to read before there is something to type.
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (failure === null) return;
    const field = form.current?.querySelector("input");
    field?.focus();
    field?.select();
  }, [failure]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = sixDigits(String(new FormData(event.currentTarget).get("code") ?? ""));
    setFailure(null);
    if (!code) return setFailure(new NoCode());
    setBusy(true);
    try {
      // A key is confirmed once; the connection may be lost before codes are asked for.
      if (!accepted.current) await confirmKey(code);
      accepted.current = true;
      await askForCodes();
      await confirmed();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  const meaning = meaningOf(failure);
  const wrong = failure instanceof NoCode || meaning === "codeWrong" || meaning === "codeUsed";
  return (
    <form ref={form} className="sign-in" onSubmit={submit} noValidate>
      <h3 ref={heading} tabIndex={-1}>
        {t("factor.key")}
      </h3>
      <p>{t(instead ? "factor.keyInstead" : "factor.keyWhy")}</p>
      <Suspense>
        <KeyForApp login={login} secret={secret} />
      </Suspense>
      {failure !== null && <Refused id={FAILURE} error={failure} />}
      <CodeField about={wrong ? FAILURE : undefined} wrong={wrong} />
      <button type="submit" className={large ? "primary large" : "primary"} disabled={busy}>
        {busy ? common("busy") : t("factor.confirm")}
      </button>
      <button type="button" className="quiet" disabled={busy} onClick={leave}>
        {common("cancel")}
      </button>
    </form>
  );
}
