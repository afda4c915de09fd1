/** Code and password. The code comes from the address and leaves it at once, so that no history has it. */
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { NewPassword } from "../../account/new-password";
import { missingParts } from "../../account/password-rules";
import { Refusal } from "../../api/errors";
import { queryClient } from "../../api/queries";
import { Page } from "../../app/page";
import { tellPassword } from "../../session/pool";
import { signedIn } from "../../session/session";
import { Failure } from "../../ui/failure";
import { redeem } from "../asking";
import { codeInAddress, cursorAfter, grouped, isWhole } from "./code";
import type { Opened } from "./page";

type Faults = Readonly<Record<string, string>>;

export function OpenForm({ opened }: { opened: (done: Opened) => void }) {
  const { t } = useTranslation("pocket");
  const { t: ofAccount } = useTranslation("account");
  const [code, setCode] = useState(() => codeInAddress(location.hash));
  const [password, setPassword] = useState("");
  const [faults, setFaults] = useState<Faults>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (location.hash) history.replaceState(history.state, "", location.pathname);
  }, []);

  useEffect(() => {
    if (Object.keys(faults).length === 0) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);

  function missing(): Faults {
    const found: Record<string, string> = {};
    if (!isWhole(code)) found.code = t("open.codeShort");
    if (missingParts(password).length > 0) found.password = ofAccount("password.weak");
    return found;
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const found = missing();
    setFaults(found);
    setFailure(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const { login, recovered } = await redeem(code, password);
      opened({ login, recovered, signedIn: await signsIn(login, password) });
    } catch (error) {
      const told = error instanceof Refusal && error.status === 422 ? error.fields : {};
      if (told.code || told.password) setFaults(told);
      else setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Page title={t("open.title")}>
      <p className="lead">{t("open.why")}</p>
      <form ref={form} className="open-form" onSubmit={submit} noValidate>
        <CodeField code={code} change={setCode} fault={faults.code} />
        <NewPassword password={password} change={setPassword} fault={faults.password} />
        {failure !== null && <Failure error={failure} />}
        <button type="submit" className="primary large" disabled={busy}>
          {busy ? t("open.busy") : t("open.submit")}
        </button>
      </form>
      <p>
        {t("open.already")} <Link to="/me">{t("open.signIn")}</Link>
      </p>
      <p className="hint">{t("open.forgotten")}</p>
    </Page>
  );
}

async function signsIn(login: string, password: string): Promise<boolean> {
  try {
    if ((await tellPassword(login, password)) !== null) return false;
    // Whoever was signed in here before may be somebody else: nothing of him stays in sight. What waits
    // in the queue is sealed by account, and stays for its own.
    queryClient.clear();
    signedIn();
    return true;
  } catch {
    return false;
  }
}

interface Coded {
  code: string;
  change: (code: string) => void;
  fault: string | undefined;
}

function CodeField({ code, change, fault }: Coded) {
  const { t } = useTranslation("pocket");
  const field = useId();
  return (
    <div className="field">
      <label htmlFor={field}>{t("open.code")}</label>
      <p className="hint" id={`${field}-hint`}>
        {t("open.codeHint")}
      </p>
      <p className="fault" id={`${field}-fault`}>
        {fault}
      </p>
      <input
        id={field}
        className="one-time"
        value={code}
        placeholder="XXXX-XXXX-XXXX-XXXX"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        aria-invalid={fault !== undefined}
        aria-describedby={`${field}-hint ${field}-fault`}
        onChange={({ target }) => {
          const cursor = cursorAfter(target.value, target.selectionStart ?? target.value.length);
          change(grouped(target.value));
          requestAnimationFrame(() => target.setSelectionRange(cursor, cursor));
        }}
      />
    </div>
  );
}
