/** The histology of a lesion: the result that stands, the others, their reports, and a new one. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Lesion, Survey } from "../../api/contract";
import { day } from "../../language/format";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { histologyQuery, type LesionHistology } from "../queries";
import "../words";
import "./histology.css";
import { NewResult } from "./entry";
import { Result } from "./result";

const LOOK_MS = 2_000;
/** A report that never comes is not waited for. */
const MOST_LOOKS = 60;

interface Shown {
  lesion: Lesion;
  surveys: readonly Survey[];
}

export function HistologyView({ lesion, surveys }: Shown) {
  const { t } = useTranslation("follow_up");
  const lesionId = lesion.lesion_id;
  const [entering, setEntering] = useState(false);
  const query = useQuery({
    ...histologyQuery(lesionId),
    refetchInterval: ({ state }) =>
      isCleaning(state.data) && state.dataUpdateCount < MOST_LOOKS ? LOOK_MS : false,
  });
  if (query.isPending) return <Skeleton rows={3} />;
  if (!query.data) return <Failure error={query.error} retry={() => query.refetch()} />;
  const { results, confirmed } = query.data;
  const asking = results.length === 0 && surveys.find((each) => each.histology_required);
  return (
    <div className="histology">
      {asking && <p className="notice">{t("histology.asked", { day: day(asking.examined_on) })}</p>}
      {entering ? (
        <NewResult lesionId={lesionId} close={() => setEntering(false)} />
      ) : (
        <p>
          <button
            type="button"
            className={results.length === 0 ? "primary" : undefined}
            onClick={() => setEntering(true)}
          >
            {t("histology.enter")}
          </button>
        </p>
      )}
      {results.length === 0 && !entering && (
        <Empty title={t("histology.empty")}>
          <p>{t("histology.emptyWhy")}</p>
        </Empty>
      )}
      {results.map((result) => (
        <Result
          key={result.histology_id}
          lesionId={lesionId}
          result={result}
          stands={result.histology_id === confirmed?.histology_id}
        />
      ))}
    </div>
  );
}

/** Whether a file has come, or is about to, and is not cleaned yet. */
function isCleaning(told: LesionHistology | undefined): boolean {
  return (
    told?.results.some(
      ({ report }) => report?.state === "awaiting_upload" || report?.state === "received",
    ) ?? false
  );
}
