/** The root: the way in for a stranger, one's own first page for whoever is signed in. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, Navigate } from "react-router";
import type { Account } from "../api/contract";
import { accountQuery } from "../api/queries";
import { useSession } from "../session/session";
import { SignInPage } from "../session/sign-in-page";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { Page } from "./page";
import { SECTIONS } from "./sections";

export function Home() {
  const { signedIn, ended } = useSession();
  return signedIn || ended ? <Own /> : <SignInPage />;
}

function Own() {
  const account = useQuery(accountQuery);
  if (account.isPending) return <Skeleton />;
  if (!account.data) return <Failure error={account.error} retry={() => account.refetch()} />;
  const own = SECTIONS[account.data.role][0]?.to;
  return own ? <Navigate to={own} replace /> : <RoleHome account={account.data} />;
}

/** For roles whose work is done through the API. */
function RoleHome({ account }: { account: Account }) {
  const { t } = useTranslation();
  const role = account.role as "curator" | "vendor" | "admin" | "patient";
  return (
    <Page title={t("roleHome.title", { login: account.login })}>
      <p>{t("roleHome.role", { role: t(`role.${role}`) })}</p>
      <h2>{t("roleHome.can")}</h2>
      <p className="measure">{t(`roleHome.${role}`)}</p>
      <p className="measure">{t("roleHome.api")}</p>
      <p>
        <Link className="button" to="/docs">
          {t("reference")}
        </Link>
      </p>
    </Page>
  );
}
