/** One pair by its address, as a case links to it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Page } from "../app/page";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { Help } from "./duplicates";
import { PairView } from "./pair";
import { pairQuery } from "./pairs";

export function DuplicatePage() {
  const { t } = useTranslation("oversight");
  const { pairId = "" } = useParams();
  const queries = useQueryClient();
  const query = pairQuery(pairId);
  const pair = useQuery(query);
  return (
    <Page
      title={t("duplicates.title")}
      above={<Link to="/duplicates">← {t("duplicates.all")}</Link>}
      aside={<Help />}
    >
      {pair.isPending && <Skeleton rows={2} shape="tile" />}
      {pair.isError && !pair.data && <Failure error={pair.error} retry={() => pair.refetch()} />}
      {pair.data && (
        <PairView pair={pair.data} decided={(now) => queries.setQueryData(query.queryKey, now)} />
      )}
    </Page>
  );
}
