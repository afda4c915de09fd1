/** The curator's first page: what needs a human today, and how everything stands. */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Refusal } from "../api/errors";
import { Page } from "../app/page";
import { moment } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { AgreementPart } from "./agreement-part";
import { AttentionList } from "./attention";
import { agreementQuery, overviewQuery } from "./queries";
import type { Agreement as Figures, Overview } from "./shapes";
import { StandingPart } from "./standing-part";
import "./words";
import "../styles/parts.css";
import "./oversight.css";
import "./overview.css";

export function OverviewPage() {
  const { t } = useTranslation("oversight");
  const overview = useQuery(overviewQuery);
  const agreement = useQuery(agreementQuery);
  const seen = overview.data;
  // All at once: what comes later would push down what is being read.
  if (overview.isPending || agreement.isPending) {
    return (
      <Page title={t("overview.title")}>
        <Skeleton rows={8} />
      </Page>
    );
  }
  return (
    <Page title={t("overview.title")} aside={seen && <Counted seen={seen} />}>
      {overview.isError && !seen && (
        <NotYet error={overview.error} retry={() => overview.refetch()}>
          {t("overview.notComputed")}
        </NotYet>
      )}
      {seen && <AttentionList seen={seen} />}
      {seen && <StandingPart seen={seen} />}
      <Agreement query={agreement} />
    </Page>
  );
}

function Counted({ seen }: { seen: Overview }) {
  const { t } = useTranslation("oversight");
  const apart = seen.counts.counted_at.slice(0, 16) !== seen.computed_at.slice(0, 16);
  return (
    <small>
      {t("overview.computedAt", { moment: moment(seen.computed_at) })}
      {apart && `, ${t("overview.slowAt", { moment: moment(seen.counts.counted_at) })}`}
    </small>
  );
}

function Agreement({ query: agreement }: { query: UseQueryResult<Figures> }) {
  const { t } = useTranslation("oversight");
  if (!agreement.data) {
    return (
      <section className="part">
        <h2>{t("overview.agreement")}</h2>
        <NotYet error={agreement.error} retry={() => agreement.refetch()}>
          {t("overview.noFigures")}
        </NotYet>
      </section>
    );
  }
  return <AgreementPart agreement={agreement.data} />;
}

interface Waited {
  error: unknown;
  retry: () => unknown;
  children: string;
}

/** Figures that a new system has not computed yet are no failure. */
function NotYet({ error, retry, children }: Waited) {
  if (error instanceof Refusal && error.code === "not_computed") return <p>{children}</p>;
  return <Failure error={error} retry={retry} />;
}
