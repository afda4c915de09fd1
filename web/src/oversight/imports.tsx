/** The archives that were taken in. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { moment } from "../language/format";
import { Empty } from "../ui/empty";
import { Listed } from "../ui/listed";
import { importsQuery } from "./queries";
import { useRowKeys } from "./row-keys";
import type { Import } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./oversight.css";

export function ImportsPage() {
  const { t } = useTranslation("oversight");
  return (
    <Page
      title={t("imports.title")}
      aside={
        <Link className="button primary" to="/imports/new">
          {t("imports.new")}
        </Link>
      }
    >
      <Listed
        query={importsQuery}
        empty={
          <Empty title={t("imports.empty")}>
            <p>{t("imports.emptyWhy")}</p>
          </Empty>
        }
      >
        {(imports) => <Table imports={imports} />}
      </Listed>
    </Page>
  );
}

function Table({ imports }: { imports: readonly Import[] }) {
  const { t } = useTranslation("oversight");
  const keys = useRowKeys();
  return (
    <table className="list" {...keys}>
      <thead>
        <tr>
          <th scope="col">{t("imports.source")}</th>
          <th scope="col">{t("imports.licence")}</th>
          <th scope="col">{t("imports.opened")}</th>
        </tr>
      </thead>
      <tbody>
        {imports.map((one) => (
          <tr key={one.import_id}>
            <th scope="row">
              <Link to={`/imports/${one.import_id}`}>{one.name}</Link>
            </th>
            <td data-name={t("imports.licence")}>{one.licence}</td>
            <td data-name={t("imports.opened")}>{moment(one.created_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
