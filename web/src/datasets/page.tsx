/** One dataset for its curator: the plan and what it selects, its releases, who has access, how the plan came about. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { Page } from "../app/page";
import { labelOf } from "../language";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { type View, Views } from "../ui/tabs";
import { PlanHistory } from "./plan/history";
import { PlanView } from "./plan/plan-view";
import { datasetQuery } from "./queries";
import { Grants } from "./releases/grants";
import { Releases } from "./releases/list";
import "../styles/parts.css";
import "./words";
import "./registry/registry.css";
import "./selection/selection.css";
import "./releases/releases.css";

export function DatasetPage() {
  const { t } = useTranslation("datasets");
  const { code = "" } = useParams();
  const [address, setAddress] = useSearchParams();
  const found = useQuery(datasetQuery(code));
  if (found.isPending) return <Skeleton rows={8} />;
  if (!found.data) return <Failure error={found.error} retry={() => found.refetch()} />;
  const dataset = found.data;
  const views: View[] = [
    { key: "plan", name: t("plan.view.plan"), content: <PlanView dataset={dataset} /> },
    { key: "releases", name: t("plan.view.releases"), content: <Releases dataset={dataset} /> },
    ...(dataset.plan.access === "controlled"
      ? [{ key: "access", name: t("plan.view.access"), content: <Grants code={code} /> }]
      : []),
    { key: "history", name: t("plan.view.history"), content: <PlanHistory dataset={dataset} /> },
  ];
  const open = address.get("view") ?? "plan";
  return (
    <Page
      title={labelOf(dataset.plan.name)}
      above={<Link to="/datasets">{t("plan.back")}</Link>}
      aside={
        <span>
          <code>{dataset.code}</code> · {t("registry.number", { number: dataset.number })}
        </span>
      }
    >
      <Views
        label={t("plan.views")}
        views={views}
        open={views.some((each) => each.key === open) ? open : "plan"}
        change={(view) => setAddress(view === "plan" ? {} : { view }, { replace: true })}
      />
    </Page>
  );
}
