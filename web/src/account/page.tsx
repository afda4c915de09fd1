/** One's own account: who one is here, the password, the second factor. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate } from "react-router";
import type { Account } from "../api/contract";
import { accountQuery } from "../api/queries";
import { Page } from "../app/page";
import { PasswordPart } from "./password";
import { SecondFactorPart } from "./second-factor";
import "./words";

export function AccountPage() {
  const account = useQuery(accountQuery).data;
  if (!account) return null;
  // The same in the large type of a patient's own pages.
  if (account.role === "patient") return <Navigate to="/me/own/sign-in" replace />;
  return <OfStaff account={account} />;
}

function OfStaff({ account }: { account: Account }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  return (
    <Page title={common("ownAccount")}>
      <dl className="facts">
        <div>
          <dt>{common("signIn.login")}</dt>
          <dd>{account.login}</dd>
        </div>
        <div>
          <dt>{t("role")}</dt>
          <dd>{common(`role.${account.role}`)}</dd>
        </div>
        {account.clinic && (
          <div>
            <dt>{t("clinic")}</dt>
            <dd>{account.clinic.name}</dd>
          </div>
        )}
      </dl>
      <div className="account">
        <PasswordPart login={account.login} whose="staff" />
        <SecondFactorPart login={account.login} whose="staff" />
      </div>
    </Page>
  );
}
