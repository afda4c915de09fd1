/** A new password in place of the current one, by whoever knows that. */
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { PasswordField } from "../session/password-field";
import { NewPassword } from "./new-password";
import { missingParts } from "./password-rules";
import { changePassword } from "./pool";
import { meaningOf } from "./refusals";
import { Refused, useRefusal } from "./refused";
import "./account.css";
import "./words";

interface Shown {
  login: string;
  whose: "staff" | "patient";
}

interface Faults {
  current?: string | undefined;
  fresh?: string | undefined;
}

const CURRENT = "current-password";

export function PasswordPart({ login, whose }: Shown) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const say = useRefusal();
  const [fresh, setFresh] = useState("");
  const [faults, setFaults] = useState<Faults>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const heading = useId();

  useEffect(() => {
    const field = form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]');
    if (!faults.current && !faults.fresh) return;
    field?.focus();
    field?.select();
  }, [faults]);

  function amiss(current: string): Faults {
    return {
      current: current ? undefined : t("password.currentEmpty"),
      fresh:
        missingParts(fresh).length > 0
          ? t("password.weak")
          : fresh === current
            ? t("password.same")
            : undefined,
    };
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const current = String(new FormData(event.currentTarget).get(CURRENT) ?? "");
    const found = amiss(current);
    setFaults(found);
    setFailure(null);
    setDone(false);
    if (found.current || found.fresh) return;
    setBusy(true);
    try {
      await changePassword(current, fresh);
      form.current?.reset();
      setFresh("");
      setDone(true);
    } catch (error) {
      const meaning = meaningOf(error);
      const sentence = say(error) ?? undefined;
      if (meaning === "wrong") setFaults({ current: sentence });
      else if (meaning === "weak") setFaults({ fresh: sentence });
      else setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>{t("password.title")}</h2>
      <form ref={form} className="password-form" onSubmit={submit} noValidate>
        {/* For whatever keeps passwords: whose it is. */}
        <input hidden readOnly name="username" autoComplete="username" value={login} />
        <PasswordField
          name={CURRENT}
          label={t("password.current")}
          autoComplete="current-password"
          fault={faults.current}
        />
        <NewPassword password={fresh} change={setFresh} fault={faults.fresh} />
        {failure !== null && <Refused error={failure} />}
        <button
          type="submit"
          className={whose === "patient" ? "primary large" : "primary"}
          disabled={busy}
        >
          {busy ? common("busy") : t("password.change")}
        </button>
      </form>
      <div role="status">
        {done && (
          <div className="notice">
            <p>{t("password.done")}</p>
            <p>{t(`password.elsewhere.${whose}`)}</p>
          </div>
        )}
      </div>
    </section>
  );
}
