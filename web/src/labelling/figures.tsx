/** A reader's own work in figures, told so that it tells nothing of a colleague. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { percent } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { figuresQuery, type OwnFigures } from "./queries";
import "./words";
import "./reading.css";

export function FiguresPage() {
  const { t } = useTranslation("reading");
  return (
    <Page title={t("figures.title")}>
      <Figures />
      <p className="actions">
        <Link className="button primary" to="/readings">
          {t("figures.toReading")}
        </Link>
        <Link className="button" to="/readings/protocol">
          {t("protocol")}
        </Link>
      </p>
    </Page>
  );
}

export function Figures() {
  const query = useQuery(figuresQuery);
  if (query.isPending) return <Skeleton rows={2} />;
  if (!query.data) return <Failure error={query.error} retry={() => query.refetch()} />;
  return <Told figures={query.data} />;
}

function Told({ figures }: { figures: OwnFigures }) {
  const { t } = useTranslation("reading");
  const { cases, planned_readings: planned, agreement, median_seconds: seconds } = figures;
  return (
    <div className="figures">
      {cases === 0 ? (
        <p>{t("figures.early")}</p>
      ) : (
        <>
          {agreement !== null && (
            <p className="verdict">
              {t("figures.agreement", { share: percent(agreement), count: cases })}
            </p>
          )}
          {seconds !== null && <p>{t("figures.seconds", { seconds: Math.round(seconds) })}</p>}
          <p className="hint">{t("figures.blocks")}</p>
        </>
      )}
      {planned === null ? (
        <p className="hint">{t("figures.noPlan")}</p>
      ) : (
        <div className="plan">
          <label htmlFor="plan">{t("figures.plan", { done: cases, planned })}</label>
          <progress id="plan" max={Math.max(planned, 1)} value={Math.min(cases, planned)} />
          <small>{t("figures.planMeans")}</small>
        </div>
      )}
    </div>
  );
}
