/** One expert: his figures with their doubt, whom he agrees with, and what is planned of him. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Page } from "../app/page";
import { labelOf } from "../language";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { ExpertPlan } from "./expert-plan";
import { FigureLine } from "./figure-line";
import { coefficient, ends, outOf, seconds, share, whole } from "./format";
import { agreementQuery, readersQuery } from "./queries";
import type { Agreement, ExpertFigures, Reader } from "./shapes";
import { useLogin } from "./use-login";
import "./words";
import "../styles/parts.css";
import "./oversight.css";
import "./experts.css";

export function ExpertPage() {
  const { t } = useTranslation("oversight");
  const { accountId = "" } = useParams();
  const readers = useQuery(readersQuery);
  const reader = readers.data?.items.find((each) => each.account_id === accountId);
  return (
    <Page
      title={reader?.login ?? t("experts.expert")}
      above={<Link to="/experts">← {t("experts.back")}</Link>}
    >
      {readers.isPending && <Skeleton />}
      {readers.isError && !readers.data && (
        <Failure error={readers.error} retry={() => readers.refetch()} />
      )}
      {readers.data && !reader && <p>{t("experts.noSuch")}</p>}
      {reader && <Body reader={reader} />}
    </Page>
  );
}

function Body({ reader }: { reader: Reader }) {
  const { t } = useTranslation("oversight");
  const agreement = useQuery(agreementQuery);
  const figures = agreement.data?.by_expert.find((each) => each.account_id === reader.account_id);
  return (
    <div className="expert">
      <div className="expert-figures">
        <About reader={reader} />
        {reader.suggest_pause && <p className="failure">{labelOf(reader.suggest_pause.reason)}</p>}
        {figures ? <Figures figures={figures} /> : <p>{t("experts.notMeasured")}</p>}
        {agreement.data && <Pairs agreement={agreement.data} accountId={reader.account_id} />}
      </div>
      <ExpertPlan key={reader.account_id} reader={reader} />
    </div>
  );
}

function About({ reader }: { reader: Reader }) {
  const { t } = useTranslation("oversight");
  const { t: common } = useTranslation();
  const facts = [
    common(`role.${reader.role}`),
    reader.qualified_since && t("experts.since", { year: reader.qualified_since }),
    t("experts.hand", { count: reader.hand_size }),
    reader.protocol > 0
      ? t("experts.accepted", { version: reader.protocol })
      : t("experts.notAccepted"),
  ];
  return <p className="hint">{facts.filter(Boolean).join(" · ")}</p>;
}

const MEASURES = [
  "agreement",
  "with_verdict",
  "sensitivity",
  "specificity",
  "consistency",
  "gold",
] as const;
const NOTED: ReadonlySet<string> = new Set(["sensitivity", "specificity", "gold"]);

function Figures({ figures }: { figures: ExpertFigures }) {
  const { t } = useTranslation("oversight");
  const amounts = [
    [t("experts.first"), whole(figures.readings)],
    [t("experts.arbitrations"), whole(figures.arbitrations)],
    [t("experts.probes"), whole(figures.probes)],
    [t("experts.unknown"), whole(figures.unknown)],
    [t("experts.unusable"), whole(figures.unusable)],
    [t("experts.seconds"), seconds(figures.median_seconds)],
  ] as const;
  return (
    <>
      <dl className="facts narrow" aria-label={t("experts.amounts")}>
        {amounts.map(([name, said]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
      <h2>{t("experts.figures")}</h2>
      <table className="list figures">
        <thead>
          <tr>
            <th scope="col">{t("experts.figure")}</th>
            <th scope="col" className="number">
              {t("experts.value")}
            </th>
            <th scope="col">{t("experts.interval")}</th>
            <th scope="col" className="number">
              {t("experts.cases")}
            </th>
          </tr>
        </thead>
        <tbody>
          {MEASURES.map((name) => (
            <tr key={name}>
              <th scope="row">
                {t(`experts.names.${name}`)}
                {NOTED.has(name) && (
                  <small className="beneath">{t(`experts.notes.${name as "gold"}`)}</small>
                )}
              </th>
              <td className="number" data-name={t("experts.value")}>
                {share(figures[name].value)}
              </td>
              <td className="with-line" data-name={t("experts.interval")}>
                <FigureLine figure={figures[name]} />
                {ends(figures[name], share) || "—"}
              </td>
              <td className="number" data-name={t("experts.cases")}>
                {figures[name].of > 0 ? outOf(figures[name], t("experts.of")) : "—"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">{t("experts.caption")}</p>
    </>
  );
}

function Pairs({ agreement, accountId }: { agreement: Agreement; accountId: string }) {
  const { t } = useTranslation("oversight");
  const login = useLogin();
  const pairs = agreement.by_pair.filter((pair) => pair.account_ids.includes(accountId));
  return (
    <section className="part">
      <h2>{t("experts.pairs")}</h2>
      {pairs.length === 0 ? (
        <p>{t("experts.noPairs")}</p>
      ) : (
        <table className="list figures">
          <thead>
            <tr>
              <th scope="col">{t("experts.with")}</th>
              <th scope="col" className="number">
                {t("experts.cases")}
              </th>
              <th scope="col">{t("experts.raw")}</th>
              <th scope="col">{t("experts.cohen")}</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map((pair) => (
              <tr key={pair.account_ids.join()}>
                <th scope="row">
                  {login(pair.account_ids.find((id) => id !== accountId) ?? accountId)}
                </th>
                <td className="number" data-name={t("experts.cases")}>
                  {whole(pair.cases)}
                </td>
                <td className="with-line" data-name={t("experts.raw")}>
                  <FigureLine figure={pair.raw_agreement} />
                  {share(pair.raw_agreement.value)} <small>{ends(pair.raw_agreement, share)}</small>
                </td>
                <td className="with-line" data-name={t("experts.cohen")}>
                  <FigureLine figure={pair.cohen_kappa} />
                  {coefficient(pair.cohen_kappa.value)}{" "}
                  <small>{ends(pair.cohen_kappa, coefficient)}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="hint">{t("experts.pairsWhy")}</p>
    </section>
  );
}
