/** Algorithms: the versions of services that are registered for testing. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { accountQuery } from "../api/queries";
import { Page } from "../app/page";
import { day } from "../language/format";
import { rounded } from "../plots/numbers";
import { Empty } from "../ui/empty";
import { Listed } from "../ui/listed";
import { type Algorithm, algorithmsQuery } from "./queries";
import "./words";
import "../styles/parts.css";
import "./evaluation.css";

export function AlgorithmList() {
  const { t } = useTranslation("evaluation");
  const vendor = useQuery(accountQuery).data?.role === "vendor";
  return (
    <Page
      title={t("algorithms")}
      aside={
        vendor && (
          <Link className="button primary" to="/algorithms/new">
            {t("algorithm.register")}
          </Link>
        )
      }
    >
      <Listed
        query={algorithmsQuery}
        empty={
          <Empty title={t("algorithm.empty")}>
            <p>{t(vendor ? "algorithm.emptyVendor" : "algorithm.emptyCurator")}</p>
          </Empty>
        }
      >
        {(algorithms) => <Table algorithms={algorithms} />}
      </Listed>
    </Page>
  );
}

function Table({ algorithms }: { algorithms: readonly Algorithm[] }) {
  const { t } = useTranslation("evaluation");
  const columns = {
    version: t("algorithm.version"),
    vendor: t("algorithm.vendor"),
    auc: `${t("algorithm.auc")}, ${t("algorithm.claimed").toLocaleLowerCase()}`,
    registered: t("algorithm.registered"),
  };
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("algorithm.name")}</th>
          {Object.entries(columns).map(([key, name]) => (
            <th key={key} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {algorithms.map((each) => (
          <tr key={each.algorithm_id}>
            <th scope="row">
              <Link to={`/algorithms/${each.algorithm_id}`}>{each.name}</Link>
            </th>
            <td data-name={columns.version}>{each.version}</td>
            <td data-name={columns.vendor}>{each.vendor}</td>
            <td data-name={columns.auc}>{rounded(each.claimed.auc)}</td>
            <td data-name={columns.registered}>{day(each.created_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
