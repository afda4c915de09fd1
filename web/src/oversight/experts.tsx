/** Who reads, how much, and how well. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { moment } from "../language/format";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { Doubted } from "./doubted";
import { ExpertsParts } from "./experts-parts";
import { outOf, seconds, share, whole } from "./format";
import { agreementQuery, protocolsQuery, readersQuery } from "./queries";
import { useRowKeys } from "./row-keys";
import type { ExpertFigures, Reader } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./oversight.css";

export function ExpertsPage() {
  const { t } = useTranslation("oversight");
  const readers = useQuery(readersQuery);
  return (
    <Page title={t("experts.title")}>
      <ExpertsParts />
      {readers.isPending && <Skeleton />}
      {readers.isError && !readers.data && (
        <Failure error={readers.error} retry={() => readers.refetch()} />
      )}
      {readers.data?.items.length === 0 && (
        <Empty title={t("experts.empty")}>
          <p>{t("experts.emptyWhy")}</p>
        </Empty>
      )}
      {readers.data && readers.data.items.length > 0 && <Table readers={readers.data.items} />}
    </Page>
  );
}

function Table({ readers }: { readers: readonly Reader[] }) {
  const { t } = useTranslation("oversight");
  const agreement = useQuery(agreementQuery);
  const keys = useRowKeys();
  const figures = new Map(agreement.data?.by_expert.map((each) => [each.account_id, each]));
  return (
    <>
      <table className="list" {...keys}>
        <thead>
          <tr>
            <th scope="col">{t("experts.expert")}</th>
            {(["readings", "agreement", "sensitivity", "specificity", "median"] as const).map(
              (name) => (
                <th key={name} scope="col" className="number">
                  {t(`experts.${name}`)}
                </th>
              ),
            )}
            <th scope="col">{t("experts.standing")}</th>
          </tr>
        </thead>
        <tbody>
          {readers.map((reader) => (
            <Row key={reader.account_id} reader={reader} figures={figures.get(reader.account_id)} />
          ))}
        </tbody>
      </table>
      <p className="hint measure">
        {agreement.data
          ? `${t("experts.caption")} ${t("experts.computedAt", { moment: moment(agreement.data.computed_at) })}.`
          : !agreement.isPending && t("experts.notMeasured")}
      </p>
    </>
  );
}

function Row({ reader, figures }: { reader: Reader; figures: ExpertFigures | undefined }) {
  const { t } = useTranslation("oversight");
  const { t: common } = useTranslation();
  const made = reader.readings ?? 0;
  return (
    <tr>
      <th scope="row">
        <Link to={`/experts/${reader.account_id}`}>{reader.login}</Link>
        <small className="beneath">{common(`role.${reader.role}`)}</small>
      </th>
      <td className="number" data-name={t("experts.readings")}>
        {reader.planned_readings === null
          ? whole(made)
          : t("experts.ofPlanned", { made: whole(made), planned: whole(reader.planned_readings) })}
      </td>
      {(["agreement", "sensitivity", "specificity"] as const).map((name) => (
        <td key={name} className="number" data-name={t(`experts.${name}`)}>
          {figures ? (
            <Doubted
              figure={figures[name]}
              written={share}
              beneath={figures[name].of > 0 && outOf(figures[name], t("experts.of"))}
            />
          ) : (
            "—"
          )}
        </td>
      ))}
      <td className="number" data-name={t("experts.median")}>
        {seconds(figures?.median_seconds ?? null)}
      </td>
      <td data-name={t("experts.standing")}>
        <Standing reader={reader} />
      </td>
    </tr>
  );
}

function Standing({ reader }: { reader: Reader }) {
  const { t } = useTranslation("oversight");
  const protocols = useQuery(protocolsQuery).data?.items;
  const newest = Math.max(0, ...(protocols ?? []).map(({ version }) => version));
  if (reader.paused_because !== null) {
    return (
      <>
        {t("experts.paused")}
        <small className="beneath">{reader.paused_because}</small>
      </>
    );
  }
  return (
    <>
      {reader.protocol < newest ? t("experts.oldProtocol") : t("experts.working")}
      {reader.suggest_pause && (
        <strong className="beneath alarming">{t("experts.pauseSuggested")}</strong>
      )}
    </>
  );
}
