/** Beginning a test: an algorithm, a kind, a hidden set of that kind. Whether it may begin the API decides and says why. */
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { Refusal } from "../../api/errors";
import { useRequestKeys } from "../../api/idempotency";
import { queryClient } from "../../api/queries";
import { Page } from "../../app/page";
import { labelOf } from "../../language";
import { counted } from "../../language/format";
import { Empty } from "../../ui/empty";
import { Failure, RequestNumber } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import {
  type Algorithm,
  algorithmsQuery,
  begin,
  hiddenSetsQuery,
  RUNS_A_MONTH,
  TESTS,
  type Test,
  testsQuery,
} from "../queries";
import { isFor } from "./sets";
import "../words";
import "../../styles/parts.css";
import "../evaluation.css";

export function BeginTest() {
  const { t } = useTranslation("evaluation");
  const algorithms = useInfiniteQuery(algorithmsQuery);
  const own = algorithms.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t("taking.title")} above={<Link to="/tests">{t("taking.back")}</Link>}>
      {algorithms.isPending && <Skeleton />}
      {algorithms.isError && (
        <Failure error={algorithms.error} retry={() => algorithms.refetch()} />
      )}
      {algorithms.data && own.length === 0 && (
        <Empty title={t("taking.noAlgorithm")}>
          <Link className="button primary" to="/algorithms/new">
            {t("algorithm.register")}
          </Link>
        </Empty>
      )}
      {own.length > 0 && (
        <div className="begin-page">
          <Form algorithms={own} />
          <Rules />
        </div>
      )}
    </Page>
  );
}

function Form({ algorithms }: { algorithms: readonly Algorithm[] }) {
  const { t } = useTranslation("evaluation");
  const id = useId();
  const navigate = useNavigate();
  const [address] = useSearchParams();
  const [algorithm, setAlgorithm] = useState(
    () => address.get("algorithm") ?? algorithms[0]?.algorithm_id ?? "",
  );
  const [test, setTest] = useState<Test>("FT-I");
  const [dataset, setDataset] = useState("");
  const sets = useInfiniteQuery(hiddenSetsQuery);
  const fit = (sets.data?.pages.flatMap((page) => page.items) ?? []).filter((each) =>
    isFor(each, test),
  );
  const chosen = fit.some((each) => each.code === dataset) ? dataset : (fit[0]?.code ?? "");
  const keyFor = useRequestKeys();
  const beginning = useMutation({
    mutationFn: () => {
      const wish = { algorithm_id: algorithm, dataset: chosen, test };
      return begin(wish, keyFor(wish));
    },
    onSuccess: async ({ evaluation_id }) => {
      await queryClient.invalidateQueries({ queryKey: testsQuery().queryKey.slice(0, 2) });
      void navigate(`/tests/${evaluation_id}`);
    },
  });
  return (
    <form
      className="begin"
      onSubmit={(event) => {
        event.preventDefault();
        beginning.mutate();
      }}
    >
      <div className="field">
        <label htmlFor={`${id}-algorithm`}>{t("taking.algorithm")}</label>
        <select
          id={`${id}-algorithm`}
          value={algorithm}
          onChange={(event) => setAlgorithm(event.target.value)}
        >
          {algorithms.map((each) => (
            <option key={each.algorithm_id} value={each.algorithm_id}>
              {each.name} {each.version}
            </option>
          ))}
        </select>
      </div>
      <fieldset className="field">
        <legend>{t("taking.test")}</legend>
        <div className="test-kinds">
          {TESTS.map((each) => (
            <label key={each} className="test-kind">
              <input
                type="radio"
                name="test"
                checked={test === each}
                onChange={() => setTest(each)}
              />
              <span>
                <strong>{each}</strong> {t(`kind.${each}`)}
                <small>{t(`taking.about.${each}`)}</small>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-set`}>{t("taking.set")}</label>
        {fit.length > 0 ? (
          <select
            id={`${id}-set`}
            value={chosen}
            onChange={(event) => setDataset(event.target.value)}
          >
            {fit.map((each) => (
              <option key={each.code} value={each.code}>
                {t("taking.setLine", {
                  name: labelOf(each.name),
                  code: each.code,
                  units: counted(each.units, t("taking.units", { returnObjects: true })),
                })}
              </option>
            ))}
          </select>
        ) : (
          sets.data && <p>{t("taking.noSet")}</p>
        )}
        {sets.isError && <Failure error={sets.error} retry={() => sets.refetch()} />}
      </div>
      {beginning.error instanceof Refusal ? (
        <section className="failure" role="alert">
          <h2>{t("taking.refused")}</h2>
          <p>{beginning.error.message}</p>
          <RequestNumber error={beginning.error} />
        </section>
      ) : (
        beginning.isError && <Failure error={beginning.error} />
      )}
      <div>
        <button type="submit" className="primary" disabled={!chosen || beginning.isPending}>
          {t("taking.submit")}
        </button>
      </div>
    </form>
  );
}

function Rules() {
  const { t } = useTranslation("evaluation");
  const rules = t("taking.rule", { returnObjects: true, most: RUNS_A_MONTH });
  return (
    <aside className="part">
      <h2>{t("taking.rules")}</h2>
      <ul className="bullets">
        {Object.entries(rules).map(([name, rule]) => (
          <li key={name}>{rule}</li>
        ))}
      </ul>
    </aside>
  );
}
