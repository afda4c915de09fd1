/** The audit trail: who did what to what, searched by days, and whether its chain of hashes holds. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Page } from "../app/page";
import { counted, moment } from "../language/format";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";
import { Listed } from "../ui/listed";
import { Skeleton } from "../ui/skeleton";
import { auditQuery, chainQuery, loginsQuery } from "./queries";
import type { AuditRecord } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./administration.css";

const SOUGHT = ["actor", "act", "object", "from", "to"] as const;

export function AuditPage() {
  const { t } = useTranslation("administration");
  const [address, change] = useSearchParams();
  const sought = new URLSearchParams();
  for (const name of SOUGHT) {
    const value = address.get(name)?.trim();
    if (value) sought.set(name, value);
  }
  const search = sought.toString();
  return (
    <Page title={t("audit.title")}>
      <Chain />
      <Search key={search} sought={sought} seek={(next) => change(next)} />
      <Listed
        query={auditQuery(search)}
        empty={
          <Empty title={t("audit.empty")}>
            <p>{t("audit.emptyWhy")}</p>
          </Empty>
        }
      >
        {(records) => <Table records={records} seek={(next) => change(next)} />}
      </Listed>
    </Page>
  );
}

function Chain() {
  const { t } = useTranslation("administration");
  const query = useQuery(chainQuery);
  if (query.isPending) return <Skeleton rows={1} />;
  if (!query.data) return <Failure error={query.error} retry={() => query.refetch()} />;
  const { sealed_until, unsealed, verified, verifying } = query.data;
  const records = t("audit.records", { returnObjects: true });
  const broken = verified !== null && !verified.whole;
  return (
    <section className={broken ? "failure" : "notice"} role={broken ? "alert" : undefined}>
      <p>
        {verified === null
          ? t("audit.notVerified")
          : t(verified.whole ? "audit.whole" : "audit.broken", {
              moment: moment(verified.ended_at),
              records: counted(verified.records, records),
            })}
      </p>
      {verified && verified.faults.length > 0 && (
        <ul>
          {verified.faults.map((fault) => (
            <li key={fault}>
              <code>{fault}</code>
            </li>
          ))}
        </ul>
      )}
      <p>
        <small>
          {t("audit.sealed", { moment: moment(sealed_until) })}{" "}
          {t(unsealed.more ? "audit.unsealedMore" : "audit.unsealed", {
            records: counted(unsealed.count, records),
          })}{" "}
          {verifying && t("audit.verifying", { records: counted(verifying.records, records) })}
        </small>
      </p>
    </section>
  );
}

interface Seeking {
  sought: URLSearchParams;
  seek: (next: URLSearchParams) => void;
}

function Search({ sought, seek }: Seeking) {
  const { t } = useTranslation("administration");
  const form = useRef<HTMLFormElement>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    const next = new URLSearchParams();
    const typed = new FormData(form.current ?? undefined);
    for (const name of SOUGHT) {
      const value = String(typed.get(name) ?? "").trim();
      if (value) next.set(name, value);
    }
    seek(next);
  }

  return (
    <form ref={form} className="filters" onSubmit={submit}>
      {SOUGHT.map((name) => (
        <label key={name} className="field">
          {t(`audit.${name}`)}
          <input
            name={name}
            type={name === "from" || name === "to" ? "date" : "text"}
            defaultValue={sought.get(name) ?? ""}
            maxLength={300}
            placeholder={name === "act" ? "patient.viewed" : undefined}
            autoComplete="off"
            spellCheck={false}
          />
        </label>
      ))}
      <button type="submit" className="primary">
        {t("audit.find")}
      </button>
      <p className="hint whole-line">{t("audit.limits")}</p>
    </form>
  );
}

interface Found {
  records: readonly AuditRecord[];
  seek: (next: URLSearchParams) => void;
}

function Table({ records, seek }: Found) {
  const { t } = useTranslation("administration");
  const { t: common } = useTranslation();
  const accounts = useQuery(loginsQuery).data?.items ?? [];
  // An account goes by its login where it is known; what is searched for is its id.
  const shown = (value: string) =>
    accounts.find((each) => each.account_id === value)?.login ?? value;
  const cell = (name: "actor" | "act" | "object", value: string) => (
    <button
      type="button"
      className="link"
      aria-label={t("audit.only", { value: shown(value) })}
      onClick={() => seek(new URLSearchParams({ [name]: value }))}
    >
      <code>{shown(value)}</code>
    </button>
  );
  const roleOf = (role: string) =>
    role === "system" ? t("audit.system") : common(`role.${role as "doctor"}`);
  return (
    <table className="list audit">
      <thead>
        <tr>
          <th scope="col">{t("audit.at")}</th>
          <th scope="col">{t("audit.act")}</th>
          <th scope="col">{t("audit.actor")}</th>
          <th scope="col">{t("audit.object")}</th>
          <th scope="col">{t("audit.request")}</th>
        </tr>
      </thead>
      <tbody>
        {records.map((record) => (
          <tr key={record.record_id}>
            <th scope="row">{moment(record.at)}</th>
            <td data-name={t("audit.act")}>{cell("act", record.act)}</td>
            <td data-name={t("audit.actor")}>
              {cell("actor", record.actor)} <small>{roleOf(record.role)}</small>
            </td>
            <td data-name={t("audit.object")}>
              {record.object ? cell("object", record.object) : "—"}
            </td>
            <td data-name={t("audit.request")}>
              <code>{record.request_id}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
