/** Tests: a developer's own, or all of them for a curator. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { accountQuery } from "../api/queries";
import { Page } from "../app/page";
import { day } from "../language/format";
import { estimate } from "../plots/numbers";
import { Empty } from "../ui/empty";
import { Listed } from "../ui/listed";
import { type Evaluation, hiddenSetsQuery, RUNS_A_MONTH, testsQuery } from "./queries";
import { begunThisMonth } from "./taking/month";
import "./words";
import "../styles/parts.css";
import "./evaluation.css";

const FRESH_MS = 30_000;

export function TestList() {
  const { t } = useTranslation("evaluation");
  const vendor = useQuery(accountQuery).data?.role === "vendor";
  const [address, setAddress] = useSearchParams();
  const dataset = address.get("dataset") ?? "";
  return (
    <Page
      title={t("title")}
      aside={
        vendor && (
          <Link className="button primary" to="/tests/new">
            {t("list.begin")}
          </Link>
        )
      }
    >
      <p className="measure">{t("list.lead")}</p>
      {!vendor && (
        <SetFilter
          value={dataset}
          change={(code) => setAddress(code ? { dataset: code } : {}, { replace: true })}
        />
      )}
      <Listed
        query={testsQuery({ dataset })}
        every={FRESH_MS}
        empty={
          <Empty title={t("list.empty")}>
            <p>{t(vendor ? "list.emptyVendor" : "list.emptyCurator")}</p>
          </Empty>
        }
      >
        {(tests) => (
          <>
            {vendor && <Month tests={tests} />}
            <TestTable tests={tests} />
          </>
        )}
      </Listed>
    </Page>
  );
}

function SetFilter({ value, change }: { value: string; change: (code: string) => void }) {
  const { t } = useTranslation("evaluation");
  const sets = useInfiniteQuery(hiddenSetsQuery).data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <label className="set-filter">
      <span>{t("list.onlyOf")}</span>
      <select value={value} onChange={(event) => change(event.target.value)}>
        <option value="">{t("list.all")}</option>
        {value && !sets.some((each) => each.code === value) && <option>{value}</option>}
        {sets.map((each) => (
          <option key={each.code}>{each.code}</option>
        ))}
      </select>
    </label>
  );
}

/** The latest tests come first, so those of the month are among the first page's. */
function Month({ tests }: { tests: readonly Evaluation[] }) {
  const { t } = useTranslation("evaluation");
  const used = begunThisMonth(tests, new Date());
  return <p className="hint">{t("list.month", { used, most: RUNS_A_MONTH })}</p>;
}

export function TestTable({ tests }: { tests: readonly Evaluation[] }) {
  const { t } = useTranslation("evaluation");
  const columns = {
    algorithm: t("list.algorithm"),
    dataset: t("list.dataset"),
    state: t("list.state"),
    auc: t("list.auc"),
    begun: t("list.begun"),
  };
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("list.test")}</th>
          {Object.entries(columns).map(([key, name]) => (
            <th key={key} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tests.map((each) => {
          const last = each.reports.at(-1);
          return (
            <tr key={each.evaluation_id}>
              <th scope="row">
                <Link to={`/tests/${each.evaluation_id}`}>{each.test}</Link>
              </th>
              <td data-name={columns.algorithm}>
                {each.algorithm.name} {each.algorithm.version}
                <small className="under">{each.algorithm.vendor}</small>
              </td>
              <td data-name={columns.dataset}>
                <code>{each.dataset}</code> {each.version}
              </td>
              <td data-name={columns.state}>
                <State test={each} />
              </td>
              <td data-name={columns.auc}>
                {last?.auc == null || each.test.startsWith("FT") ? "—" : estimate(last.auc)}
              </td>
              <td data-name={columns.begun}>{day(each.created_at)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function State({ test }: { test: Evaluation }) {
  const { t } = useTranslation("evaluation");
  const last = test.reports.at(-1);
  if (last) {
    return (
      <span className={last.passed ? "met" : "unmet"}>{t(last.passed ? "passed" : "failed")}</span>
    );
  }
  return (
    <>
      {t(`state.${test.state}`)}
      {test.state === "open" && (
        <small className="under">
          {t("list.progress", { answered: test.answered, units: test.units })}
        </small>
      )}
    </>
  );
}
