/** The cases that stand in one way, those longest so first; the filters are in the address. */
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { Page } from "../app/page";
import { useChoiceName } from "../patients/words";
import { Empty } from "../ui/empty";
import { Listed } from "../ui/listed";
import { CaseFilters } from "./case-filters";
import { useVerdict } from "./case-standing";
import { addressOf, asked, type Filters, filtersOf } from "./filters";
import { coefficient, span, tail, whole } from "./format";
import { casesQuery } from "./queries";
import { useRowKeys } from "./row-keys";
import type { CaseBrief } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./oversight.css";

export function CasesPage() {
  const { t } = useTranslation("oversight");
  const [address, change] = useSearchParams();
  const filters = filtersOf(address);
  const narrow = (more: Partial<Filters>) =>
    change(addressOf({ ...filters, ...more }), { replace: true });
  return (
    <Page title={t("cases.title")}>
      <CaseFilters filters={filters} narrow={narrow} />
      <Listed
        query={casesQuery(asked(filters))}
        empty={
          <Empty title={t("cases.empty")}>
            <p>{t("cases.emptyWhy")}</p>
          </Empty>
        }
      >
        {(cases) => <Table cases={cases} filters={filters} />}
      </Listed>
    </Page>
  );
}

function Table({ cases, filters }: { cases: readonly CaseBrief[]; filters: Filters }) {
  const { t } = useTranslation("oversight");
  const keys = useRowKeys();
  const search = addressOf(filters);
  // In a list of one state it would say the same in every row.
  const mixed = filters.state === "no_reader";
  return (
    <>
      <table className="list" {...keys}>
        <thead>
          <tr>
            <th scope="col">{t("cases.image")}</th>
            {mixed && <th scope="col">{t("cases.state")}</th>}
            <th scope="col">{t("cases.verdict")}</th>
            <th scope="col">{t("cases.site")}</th>
            <th scope="col" className="number">
              {t("cases.readings")}
            </th>
            <th scope="col" className="number">
              {t("cases.since")}
            </th>
            <th scope="col" className="number">
              <abbr title={t("cases.priorityWhy")}>{t("cases.priority")}</abbr>
            </th>
          </tr>
        </thead>
        <tbody>
          {cases.map((one) => (
            <Row key={one.image_id} one={one} search={search} mixed={mixed} />
          ))}
        </tbody>
      </table>
      <p className="hint fine">{t("cases.keys")}</p>
    </>
  );
}

function Row({ one, search, mixed }: { one: CaseBrief; search: string; mixed: boolean }) {
  const { t } = useTranslation("oversight");
  const named = useVerdict();
  const nameOf = useChoiceName();
  return (
    <tr>
      <th scope="row">
        <Link
          to={{ pathname: `/cases/${one.image_id}`, search: search && `?${search}` }}
          state={{ listed: true }}
        >
          {tail(one.image_id)}
        </Link>
        {one.gold && <span className="mark">{t("cases.isGold")}</span>}
      </th>
      {mixed && <td data-name={t("cases.state")}>{t(`cases.states.${one.state}`)}</td>}
      <td className="begun" data-name={t("cases.verdict")}>
        {one.verdict ? named(one.verdict) : t("cases.noVerdict")}
      </td>
      <td data-name={t("cases.site")}>{one.site ? nameOf("site", one.site) : "—"}</td>
      <td className="number" data-name={t("cases.readings")}>
        {whole(one.readings_made)}
      </td>
      <td className="number" data-name={t("cases.since")}>
        {span(one.waited_seconds)}
      </td>
      <td className="number" data-name={t("cases.priority")}>
        {coefficient(one.priority)}
      </td>
    </tr>
  );
}
