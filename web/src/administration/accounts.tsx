/** The accounts, narrowed by role, clinic and state; new ones are opened here. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import type { Role } from "../api/contract";
import { Page } from "../app/page";
import { labelOf } from "../language";
import { moment } from "../language/format";
import { Empty } from "../ui/empty";
import { Listed } from "../ui/listed";
import { NewAccount } from "./new-account";
import { ToldOnce } from "./once";
import { accountsQuery, clinicChoiceQuery } from "./queries";
import type { AccountLine, Opened } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./administration.css";

export const ROLES = [
  "doctor",
  "expert",
  "senior_expert",
  "curator",
  "vendor",
  "admin",
  "patient",
] as const satisfies readonly Role[];
const FILTERS = ["role", "clinic_id", "state"] as const;

export function AccountsPage() {
  const { t } = useTranslation("administration");
  const [opening, setOpening] = useState(false);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [address] = useSearchParams();
  const search = new URLSearchParams();
  for (const name of FILTERS) {
    const value = address.get(name);
    if (value) search.set(name, value);
  }
  return (
    <Page
      title={t("accounts.title")}
      aside={
        <button type="button" className="primary" onClick={() => setOpening(true)}>
          {t("accounts.new")}
        </button>
      }
    >
      <Filters />
      <Listed
        query={accountsQuery(search.toString())}
        empty={
          <Empty title={t("accounts.empty")}>
            <p>{t("accounts.emptyWhy")}</p>
          </Empty>
        }
      >
        {(accounts) => <Table accounts={accounts} />}
      </Listed>
      {opening && (
        <NewAccount
          close={() => setOpening(false)}
          opened={(account) => {
            setOpening(false);
            setOpened(account);
          }}
        />
      )}
      {opened && (
        <ToldOnce
          title={t("accounts.opened", { login: opened.login })}
          why={t("accounts.openedWhy")}
          secret={opened.temporary_password}
          close={() => setOpened(null)}
        />
      )}
    </Page>
  );
}

function Filters() {
  const { t } = useTranslation("administration");
  const { t: common } = useTranslation();
  const clinics = useQuery(clinicChoiceQuery).data?.items ?? [];
  const [address, change] = useSearchParams();

  function narrow(name: (typeof FILTERS)[number], value: string) {
    const next = new URLSearchParams(address);
    if (value) next.set(name, value);
    else next.delete(name);
    change(next, { replace: true });
  }

  return (
    <div className="filters">
      <label className="field">
        {t("accounts.role")}
        <select
          value={address.get("role") ?? ""}
          onChange={({ target }) => narrow("role", target.value)}
        >
          <option value="">{t("any")}</option>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {common(`role.${role}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t("accounts.clinic")}
        <select
          value={address.get("clinic_id") ?? ""}
          onChange={({ target }) => narrow("clinic_id", target.value)}
        >
          <option value="">{t("any")}</option>
          {clinics.map((clinic) => (
            <option key={clinic.clinic_id} value={clinic.clinic_id}>
              {labelOf(clinic.name)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t("accounts.state")}
        <select
          value={address.get("state") ?? ""}
          onChange={({ target }) => narrow("state", target.value)}
        >
          <option value="">{t("any")}</option>
          <option value="open">{t("accounts.stateOpen")}</option>
          <option value="closed">{t("accounts.stateClosed")}</option>
        </select>
      </label>
    </div>
  );
}

function Table({ accounts }: { accounts: readonly AccountLine[] }) {
  const { t } = useTranslation("administration");
  const { t: common } = useTranslation();
  const clinics = useQuery(clinicChoiceQuery).data?.items ?? [];
  const clinicOf = (id: string) => {
    const clinic = clinics.find((each) => each.clinic_id === id);
    return clinic ? labelOf(clinic.name) : "—";
  };
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("accounts.login")}</th>
          <th scope="col">{t("accounts.role")}</th>
          <th scope="col">{t("accounts.clinic")}</th>
          <th scope="col">{t("accounts.state")}</th>
          <th scope="col">{t("accounts.since")}</th>
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <tr key={account.account_id}>
            <th scope="row">
              <Link to={`/accounts/${account.account_id}`}>{account.login}</Link>
            </th>
            <td data-name={t("accounts.role")}>{common(`role.${account.role}`)}</td>
            <td data-name={t("accounts.clinic")}>
              {account.clinic_id ? clinicOf(account.clinic_id) : "—"}
            </td>
            <td data-name={t("accounts.state")}>
              {t(account.state === "open" ? "accounts.stateOpen" : "accounts.stateClosed")}
            </td>
            <td data-name={t("accounts.since")}>{moment(account.opened_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
