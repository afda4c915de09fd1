/** A curator's datasets: what is planned, and what was released of it. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { labelOf } from "../language";
import { day } from "../language/format";
import { whole } from "../plots/numbers";
import { Empty } from "../ui/empty";
import { Listed } from "../ui/listed";
import { capital, useName } from "./names";
import { datasetsQuery, type Line } from "./queries";
import "./words";

export function DatasetList() {
  const { t } = useTranslation("datasets");
  return (
    <Page
      title={t("plan.title")}
      aside={
        <Link className="button primary" to="/datasets/new">
          {t("plan.new")}
        </Link>
      }
    >
      <Listed
        query={datasetsQuery}
        empty={
          <Empty title={t("plan.empty")}>
            <p>{t("plan.emptyWhy")}</p>
          </Empty>
        }
      >
        {(lines) => <Table lines={lines} />}
      </Listed>
    </Page>
  );
}

function Table({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const columns = {
    purpose: t("plan.purpose"),
    access: t("plan.access"),
    units: t("plan.planned"),
    latest: t("plan.latest"),
  };
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("plan.dataset")}</th>
          {Object.entries(columns).map(([key, name]) => (
            <th key={key} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.code}>
            <th scope="row">
              <Link to={`/datasets/${line.code}`}>
                <span>
                  {labelOf(line.name)}
                  <br />
                  <small>
                    <code>{line.code}</code>
                  </small>
                </span>
              </Link>
            </th>
            <td data-name={columns.purpose}>{capital(nameOf("purpose", line.purpose))}</td>
            <td data-name={columns.access}>{nameOf("access", line.access)}</td>
            <td data-name={columns.units}>{whole(line.units)}</td>
            <td data-name={columns.latest}>
              {line.latest
                ? `${line.latest.version}, ${nameOf("state", line.latest.state)}, ${day(line.latest.at)}`
                : t("plan.noRelease")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
