/** Which dataset's images are to be looked at. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { labelOf } from "../language";
import { Empty } from "../ui/empty";
import { Listed } from "../ui/listed";
import { whole } from "./format";
import { plannedSetsQuery } from "./queries";
import { useRowKeys } from "./row-keys";
import type { DatasetLine } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./oversight.css";

export function LooksPage() {
  const { t } = useTranslation("oversight");
  return (
    <Page title={t("looks.title")}>
      <p className="measure hint">{t("looks.lead")}</p>
      <Listed
        query={plannedSetsQuery}
        empty={
          <Empty title={t("looks.empty")}>
            <p>{t("looks.emptyWhy")}</p>
          </Empty>
        }
      >
        {(sets) => <Table sets={sets} />}
      </Listed>
    </Page>
  );
}

function Table({ sets }: { sets: readonly DatasetLine[] }) {
  const { t } = useTranslation("oversight");
  const keys = useRowKeys();
  return (
    <table className="list" {...keys}>
      <thead>
        <tr>
          <th scope="col">{t("looks.set")}</th>
          <th scope="col">{t("looks.code")}</th>
          <th scope="col" className="number">
            {t("looks.planned")}
          </th>
        </tr>
      </thead>
      <tbody>
        {sets.map((set) => (
          <tr key={set.code}>
            <th scope="row">
              <Link to={`/looks/${set.code}`}>{labelOf(set.name)}</Link>
            </th>
            <td data-name={t("looks.code")}>
              <code>{set.code}</code>
            </td>
            <td className="number" data-name={t("looks.planned")}>
              {whole(set.units)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
