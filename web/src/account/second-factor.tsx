/** The second factor of whoever is signed in: whether it is set up, and the way to a new key. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadSettingUp } from "../session/sign-in-fields";
import { Skeleton } from "../ui/skeleton";
import { FactorSetting } from "./factor-setting";
import { factorQuery, newKey } from "./pool";
import { meaningOf } from "./refusals";
import { Refused } from "./refused";
import "./account.css";
import "./words";

interface Shown {
  login: string;
  whose: "staff" | "patient";
}

export function SecondFactorPart({ login, whose }: Shown) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const known = useQuery(factorQuery);
  const client = useQueryClient();
  const [secret, setSecret] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const was = useRef<string | null>(null);
  const id = useId();

  // What had the focus goes with the key.
  useEffect(() => {
    if (was.current && !secret) heading.current?.focus();
    was.current = secret;
  }, [secret]);

  async function begin() {
    setBusy(true);
    setFailure(null);
    setDone(false);
    try {
      const [made] = await Promise.all([newKey(), loadSettingUp()]);
      setSecret(made);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  async function confirmed() {
    await client.invalidateQueries({ queryKey: factorQuery.queryKey });
    setSecret(null);
    setDone(true);
  }

  const none = meaningOf(failure) === "none";
  return (
    <section aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        {t("factor.title")}
      </h2>
      {known.isPending && <Skeleton rows={2} />}
      {known.isError && !known.data && (
        <>
          <Refused error={known.error} />
          <button type="button" onClick={() => void known.refetch()}>
            {common("retry")}
          </button>
        </>
      )}
      {known.data !== undefined && !secret && (
        <>
          {none ? (
            <p role="alert">{t("factor.none")}</p>
          ) : (
            <p>{t(known.data ? "factor.on" : "factor.off")}</p>
          )}
          {failure !== null && !none && <Refused error={failure} />}
          {!none && (
            <button
              type="button"
              className={whose === "patient" ? "large" : undefined}
              disabled={busy}
              onClick={() => void begin()}
            >
              {busy ? common("busy") : t(known.data ? "factor.again" : "factor.begin")}
            </button>
          )}
        </>
      )}
      {known.data !== undefined && secret && (
        <FactorSetting
          login={login}
          secret={secret}
          instead={known.data}
          large={whose === "patient"}
          confirmed={confirmed}
          leave={() => setSecret(null)}
        />
      )}
      <div role="status">{done && <p className="notice">{t("factor.done")}</p>}</div>
      {known.data && !secret && <p className="hint">{t(`factor.lost.${whose}`)}</p>}
    </section>
  );
}
