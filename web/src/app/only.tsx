/** Pages that one role alone may see: the API refuses the others, this says why and where to go. */
import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Role } from "../api/contract";
import { accountQuery } from "../api/queries";
import { useSession } from "../session/session";
import { SignInPage } from "../session/sign-in-page";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { Page } from "./page";

export function only(roles: readonly Role[], Shown: ComponentType): { Component: ComponentType } {
  return {
    Component: () => (
      <Only roles={roles}>
        <Shown />
      </Only>
    ),
  };
}

export function Only({ roles, children }: { roles: readonly Role[]; children: React.ReactNode }) {
  const { signedIn, ended } = useSession();
  // A session that ended leaves the page as it is, behind the window that asks to sign in again.
  return signedIn || ended ? <OfRole roles={roles}>{children}</OfRole> : <SignInPage />;
}

function OfRole({ roles, children }: { roles: readonly Role[]; children: React.ReactNode }) {
  const { t } = useTranslation();
  const account = useQuery(accountQuery);
  if (account.isPending) return <Skeleton />;
  if (!account.data) return <Failure error={account.error} retry={() => account.refetch()} />;
  if (roles.includes(account.data.role)) return children;
  return (
    <Page title={t("failure.noPermission")}>
      <p>{t("failure.noPermissionWhy", { role: t(`role.${account.data.role}`) })}</p>
      <p>
        <Link to="/">{t("home")}</Link>
      </p>
    </Page>
  );
}
