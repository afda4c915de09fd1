/** What the experts said of an image, once there is a verdict; nobody is named. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import type { Schemas } from "../api/contract";
import { Refusal } from "../api/errors";
import "../follow-up/words";
import { day, percent } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { useClassName } from "./opinion";

type Case = Schemas["CaseAnswer"];

/** Asked for only when opened: each look at the readings is recorded. */
export function CaseReadings({ imageId }: { imageId: string }) {
  const { t } = useTranslation("follow_up");
  const [opened, setOpened] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => currentTarget.open && setOpened(true)}>
      <summary>{t("readings.title")}</summary>
      {opened && <Asked imageId={imageId} />}
    </details>
  );
}

export const caseOf = (imageId: string) => ({
  queryKey: ["case", imageId],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ask<Case>(`/labelling/cases/${encodeURIComponent(imageId)}`, { signal }),
});

function Asked({ imageId }: { imageId: string }) {
  const { t } = useTranslation("follow_up");
  const query = useQuery(caseOf(imageId));
  if (query.isPending) return <Skeleton rows={2} />;
  if (!query.data) {
    // An image labelled by histology alone may not have been read, or not by all its readers.
    const unread = query.error instanceof Refusal && [404, 409].includes(query.error.status);
    if (unread) return <p className="hint">{t("readings.none")}</p>;
    return <Failure error={query.error} retry={() => query.refetch()} />;
  }
  return <Readings found={query.data} />;
}

export function Readings({ found }: { found: Case }) {
  const { t } = useTranslation("follow_up");
  const nameOf = useClassName();
  const detailsOf = useDetails();
  if (found.readings.length === 0) return <p className="hint">{t("readings.none")}</p>;
  return (
    <>
      <ol className="case-readings">
        {found.readings.map((each, at) => (
          <li key={each.reading_id}>
            <p>
              {each.round === "arbitration"
                ? t("readings.senior")
                : t("readings.reader", { number: at + 1 })}
              : <strong>{nameOf(each.diagnosis)}</strong>
            </p>
            <small>{detailsOf(each)}</small>
            {each.comment && <p className="said">{each.comment}</p>}
          </li>
        ))}
      </ol>
      {found.outlines && (
        <p className="hint">{t("readings.outlines", { share: percent(found.outlines.dice) })}</p>
      )}
    </>
  );
}

function useDetails(): (reading: Schemas["CaseReading"]) => string {
  const { t } = useTranslation("follow_up");
  const nameOf = useClassName();
  return (reading) =>
    [
      day(reading.at),
      reading.confidence !== null && t("readings.confidence", { of: reading.confidence }),
      reading.differential.length > 0 &&
        t("readings.differential", { names: reading.differential.map(nameOf).join(", ") }),
      reading.image_quality !== "good" && t(`readings.quality.${reading.image_quality}`),
    ]
      .filter(Boolean)
      .join(" · ");
}
