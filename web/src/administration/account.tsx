/** One account: how it stands, its role and clinic, its sessions, its password, closing and opening it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { ask } from "../api/client";
import { newKey } from "../api/idempotency";
import { accountQuery } from "../api/queries";
import { Page } from "../app/page";
import { labelOf } from "../language";
import { moment } from "../language/format";
import { Confirm } from "../ui/confirm";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { ChangeAccount } from "./change-account";
import { ToldOnce } from "./once";
import { accountDetailQuery } from "./queries";
import type { AccountDetail, Opened } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./administration.css";

export function AccountPage() {
  const { t } = useTranslation("administration");
  const { accountId = "" } = useParams();
  const query = useQuery(accountDetailQuery(accountId));
  const above = <Link to="/accounts">← {t("accounts.title")}</Link>;
  return (
    <Page title={query.data?.login ?? t("accounts.one")} above={above}>
      {query.isPending && <Skeleton />}
      {query.isError && !query.data && (
        <Failure error={query.error} retry={() => query.refetch()} />
      )}
      {query.data && <Shown account={query.data} />}
    </Page>
  );
}

function Shown({ account }: { account: AccountDetail }) {
  const own = useQuery(accountQuery).data?.account_id === account.account_id;
  return (
    <>
      <Facts account={account} />
      <Acts account={account} own={own} />
    </>
  );
}

function Facts({ account }: { account: AccountDetail }) {
  const { t } = useTranslation("administration");
  const { t: common } = useTranslation();
  const said = (value: boolean | null) =>
    value === null ? t("unknown") : value ? common("yes") : common("no");
  const facts = [
    [t("accounts.role"), common(`role.${account.role}`)],
    [t("accounts.clinic"), account.clinic ? labelOf(account.clinic.name) : "—"],
    [
      t("accounts.state"),
      t(account.state === "open" ? "accounts.stateOpen" : "accounts.stateClosed"),
    ],
    [t("accounts.since"), moment(account.opened_at)],
    [
      t("accounts.sessions"),
      account.signed_in_after
        ? t("accounts.sessionsAfter", { moment: moment(account.signed_in_after) })
        : t("accounts.sessionsNever"),
    ],
    [t("accounts.secondFactor"), said(account.second_factor)],
    [t("accounts.pending"), said(account.first_sign_in_pending)],
    ...(account.qualified_since
      ? [[t("accounts.qualified"), String(account.qualified_since)]]
      : []),
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type Act = "change" | "sessions" | "password" | "close" | "open";

function Acts({ account, own }: { account: AccountDetail; own: boolean }) {
  const { t } = useTranslation("administration");
  const kept = useQueryClient();
  const [act, setAct] = useState<Act | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const path = `/accounts/${encodeURIComponent(account.account_id)}`;
  const renew = () => kept.invalidateQueries({ queryKey: ["accounts"] });
  const close = () => setAct(null);
  const changeState = async (state: "open" | "closed") => {
    await ask(path, { method: "PATCH", body: { state } });
    await renew();
  };
  return (
    <>
      <div className="actions">
        <button type="button" onClick={() => setAct("change")}>
          {t("accounts.change")}
        </button>
        <button type="button" onClick={() => setAct("sessions")}>
          {t("accounts.endSessions")}
        </button>
        <button type="button" onClick={() => setAct("password")}>
          {t("accounts.newPassword")}
        </button>
        {account.state === "open" ? (
          <button type="button" disabled={own} onClick={() => setAct("close")}>
            {t("accounts.close")}
          </button>
        ) : (
          <button type="button" onClick={() => setAct("open")}>
            {t("accounts.reopen")}
          </button>
        )}
        <Link className="button" to={`/audit?actor=${account.account_id}`}>
          {t("accounts.acts")}
        </Link>
      </div>
      {own && <p className="hint">{t("accounts.own")}</p>}
      {act === "change" && <ChangeAccount account={account} own={own} close={close} />}
      {act === "sessions" && (
        <Confirm
          title={t("accounts.endSessions")}
          act={t("accounts.endSessions")}
          close={close}
          perform={async () => {
            await ask(`${path}/sessions/revoke`, { method: "POST" });
            await renew();
          }}
        >
          <p>{t("accounts.endSessionsWhy", { login: account.login })}</p>
        </Confirm>
      )}
      {act === "password" && (
        <Confirm
          title={t("accounts.newPassword")}
          act={t("accounts.newPassword")}
          close={close}
          perform={async () => {
            setOpened(
              await ask<Opened>(`${path}/password`, { method: "POST", idempotencyKey: newKey() }),
            );
            await renew();
          }}
        >
          <p>{t("accounts.newPasswordWhy", { login: account.login })}</p>
        </Confirm>
      )}
      {(act === "close" || act === "open") && (
        <Confirm
          title={t(act === "close" ? "accounts.close" : "accounts.reopen")}
          act={t(act === "close" ? "accounts.close" : "accounts.reopen")}
          close={close}
          perform={() => changeState(act === "close" ? "closed" : "open")}
        >
          <p>
            {t(act === "close" ? "accounts.closeWhy" : "accounts.reopenWhy", {
              login: account.login,
            })}
          </p>
        </Confirm>
      )}
      {opened && (
        <ToldOnce
          title={t("accounts.passwordOf", { login: opened.login })}
          why={t("accounts.openedWhy")}
          secret={opened.temporary_password}
          close={() => setOpened(null)}
        />
      )}
    </>
  );
}
