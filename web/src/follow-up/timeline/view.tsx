/** A lesion over time: what to look at, what changed, the photographs side by side, the figures. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { type Timeline, timelineQuery } from "../queries";
import "../words";
import "./timeline.css";
import { Alerts } from "./alerts";
import { Changes, latestCompared } from "./changes";
import { Comparison } from "./comparison";
import { Figures } from "./figures";
import { quantities } from "./series";
import { Treatments } from "./treatments";

const Plot = lazy(async () => ({ default: (await import("./plot")).Plot }));

export function TimelineView({ lesionId }: { lesionId: string }) {
  const query = useQuery(timelineQuery(lesionId));
  if (query.isPending) return <Skeleton rows={3} />;
  if (!query.data) return <Failure error={query.error} retry={() => query.refetch()} />;
  return <Shown timeline={query.data} renew={() => void query.refetch()} />;
}

function Shown({ timeline, renew }: { timeline: Timeline; renew: () => void }) {
  const { t } = useTranslation("follow_up");
  const { images } = timeline;
  if (images.length === 0) {
    return (
      <Empty title={t("timeline.empty")}>
        <p>{t("timeline.emptyWhy")}</p>
      </Empty>
    );
  }
  return (
    <div className="timeline">
      {images.length === 1 && <p className="notice">{t("timeline.one")}</p>}
      <Alerts alerts={timeline.alerts} comparable={latestCompared(timeline.visits) !== null} />
      <Changes timeline={timeline} />
      <Comparison images={images} renew={renew} />
      {quantities(images).length > 0 && (
        <Suspense fallback={<Skeleton rows={1} shape="tile" />}>
          <Plot images={images} treatments={timeline.treatments} />
        </Suspense>
      )}
      {images.some((each) => each.measurements) ? (
        <Figures timeline={timeline} />
      ) : (
        <p className="hint">{t("timeline.notMeasured")}</p>
      )}
      <Treatments treatments={timeline.treatments} />
      {!timeline.complete && <p className="hint">{t("timeline.latestOnly")}</p>}
    </div>
  );
}
