/** A version of a service as it was registered, and the tests it took. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { accountQuery } from "../api/queries";
import { Page } from "../app/page";
import { language } from "../language";
import { day } from "../language/format";
import { rounded } from "../plots/numbers";
import { Failure } from "../ui/failure";
import { Listed } from "../ui/listed";
import { Skeleton } from "../ui/skeleton";
import { useDiagnoses } from "./diagnoses";
import { TestTable } from "./list";
import { type Algorithm, algorithmQuery, testsQuery } from "./queries";
import "./words";
import "../styles/parts.css";
import "./evaluation.css";

export function AlgorithmPage() {
  const { t } = useTranslation("evaluation");
  const { algorithmId = "" } = useParams();
  const found = useQuery(algorithmQuery(algorithmId));
  const vendor = useQuery(accountQuery).data?.role === "vendor";
  if (found.isPending) return <Skeleton rows={6} />;
  if (!found.data) return <Failure error={found.error} retry={() => found.refetch()} />;
  const algorithm = found.data;
  return (
    <Page
      title={`${algorithm.name} ${algorithm.version}`}
      above={<Link to="/algorithms">{t("algorithm.back")}</Link>}
      aside={
        vendor && (
          <Link className="button primary" to={`/tests/new?algorithm=${algorithm.algorithm_id}`}>
            {t("list.begin")}
          </Link>
        )
      }
    >
      <p className="measure">{algorithm.description[language()]}</p>
      <Facts algorithm={algorithm} />
      <section className="part">
        <h2>{t("algorithm.tests")}</h2>
        <Listed
          query={testsQuery({ algorithm_id: algorithm.algorithm_id })}
          empty={<p>{t("algorithm.noTests")}</p>}
        >
          {(tests) => <TestTable tests={tests} />}
        </Listed>
      </section>
    </Page>
  );
}

function Facts({ algorithm }: { algorithm: Algorithm }) {
  const { t } = useTranslation("evaluation");
  const { nameOf } = useDiagnoses();
  const { claimed } = algorithm;
  const byClass = Object.entries(claimed.by_class ?? {});
  const facts: [string, string][] = [
    [t("algorithm.vendor"), algorithm.vendor],
    [t("algorithm.registered"), day(algorithm.created_at)],
    [t("algorithm.classes"), algorithm.classes.map(nameOf).join(", ")],
    [t("algorithm.positive"), algorithm.positive.map(nameOf).join(", ")],
    [t("algorithm.auc"), rounded(claimed.auc)],
    [t("algorithm.sensitivity"), rounded(claimed.sensitivity)],
    [t("algorithm.specificity"), rounded(claimed.specificity)],
    [t("algorithm.threshold"), rounded(claimed.threshold, 2)],
    [
      t("algorithm.seconds"),
      claimed.seconds ? rounded(claimed.seconds, 1) : t("algorithm.notClaimed"),
    ],
    ...byClass.map(([key, value]): [string, string] => [
      `${t("algorithm.auc")}: ${nameOf(key)}`,
      rounded(value),
    ]),
    ...(algorithm.model_sha256
      ? [[t("algorithm.model"), algorithm.model_sha256] satisfies [string, string]]
      : []),
  ];
  return (
    <dl className="fact-list">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
