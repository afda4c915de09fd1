/** What one signs in with: the password, and a second factor for who wants one. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PasswordPart } from "../../account/password";
import { SecondFactorPart } from "../../account/second-factor";
import { accountQuery } from "../../api/queries";
import { Page as Frame } from "../../app/page";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import "../words";

export function Page() {
  const { t } = useTranslation("pocket");
  const { t: common } = useTranslation();
  const account = useQuery(accountQuery);
  return (
    <Frame title={t("own.signIn")} above={<Link to="/me/own">{common("sections.ownData")}</Link>}>
      {account.isPending && <Skeleton rows={6} />}
      {!account.data && account.isError && (
        <Failure error={account.error} retry={() => account.refetch()} />
      )}
      {account.data && (
        <div className="account">
          <PasswordPart login={account.data.login} whose="patient" />
          <SecondFactorPart login={account.data.login} whose="patient" />
        </div>
      )}
    </Frame>
  );
}
