/** One image from its arrival to its label, kept up to date while something is under way. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Image } from "../api/contract";
import { imageQuery } from "../api/queries";
import { day, moment } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { CaseReadings } from "./case-readings";
import { History } from "./history";
import { Looking } from "./looking";
import { MeasurementsList } from "./measurements";
import { Opinion } from "./opinion";
import { SendToReaders } from "./send-to-readers";
import { Verdict } from "./verdict";
import "./card.css";

const LOOK_MS = 1_000;
const LOOK_LATER_MS = 5_000;
/** After so many looks they grow rarer. */
const EAGER_LOOKS = 30;
/** How long a checked image is watched for its way to the experts. */
const SETTLING_LOOKS = 12;

interface Asked {
  imageId: string;
  /** What may be done with it, under what is said of it. */
  acts?: ReactNode;
}

export function ImageCard({ imageId, acts }: Asked) {
  const query = useQuery({
    ...imageQuery(imageId),
    refetchInterval: ({ state }) => nextLook(state.data, state.dataUpdateCount),
  });
  if (query.isPending) return <Skeleton rows={1} shape="tile" />;
  if (!query.data) return <Failure error={query.error} retry={() => query.refetch()} />;
  return <Shown image={query.data} acts={acts} renew={() => void query.refetch()} />;
}

function nextLook(image: Image | undefined, looks: number): number | false {
  if (!image) return false;
  const later = looks > EAGER_LOOKS ? LOOK_LATER_MS : LOOK_MS;
  if (isUnderWay(image)) return later;
  const settling = image.state === "classified" && image.kind === "dermoscopic";
  return settling && looks < EAGER_LOOKS + SETTLING_LOOKS ? LOOK_LATER_MS : false;
}

/** Nothing has come of it yet, but will. */
function isUnderWay({ state }: Image): boolean {
  return state === "awaiting_upload" || state === "received";
}

interface Seen {
  image: Image;
  acts: ReactNode;
  renew: () => void;
}

function Shown({ image, acts, renew }: Seen) {
  const { t } = useTranslation();
  const { urls } = image;
  const url = urls.image ?? urls.thumbnail;
  const kind = t(`kind.${image.kind}`);
  return (
    <article className="image-card" aria-label={`${kind}. ${t(`state.${image.state}`)}`}>
      {(url || isUnderWay(image)) && (
        <div className="image-side">
          {url ? (
            <Looking image={image} url={url} expired={renew} />
          ) : (
            <div className="frame none" aria-hidden="true" />
          )}
        </div>
      )}
      <div className="words-side">
        <p className="state" data-state={image.state} role="status">
          {t(`state.${image.state}`)}
        </p>
        <p className="hint">
          {kind} ·{" "}
          {image.taken_on
            ? t("image.taken", { date: day(image.taken_on) })
            : t("image.added", { date: moment(image.created_at) })}
        </p>
        {image.duplicate && <p className="notice">{t(`image.duplicate.${image.duplicate}`)}</p>}
        <Outcome image={image} />
        <History image={image} />
        {acts}
      </div>
    </article>
  );
}

/** What has come of the image so far: an opinion, a refusal, or what is being waited for. */
function Outcome({ image }: { image: Image }) {
  const { t } = useTranslation();
  if (image.problem) {
    return (
      <p className="failure" role="alert">
        {image.problem.message}
      </p>
    );
  }
  if (isUnderWay(image)) {
    return (
      <Waiting sentence={t(image.state === "received" ? "image.working" : "image.awaiting")} />
    );
  }
  const measurements = image.classification?.measurements;
  return (
    <>
      <Verdict label={image.label} />
      {image.classification && <Opinion opinion={image.classification} />}
      {measurements && (
        <MeasurementsList measurements={measurements} spacingMm={image.pixel_spacing_mm} />
      )}
      {!image.classification && image.kind === "macroscopic" && <p>{t("image.macroscopic")}</p>}
      {image.kind === "macroscopic" && image.state === "classified" && (
        <SendToReaders image={image} />
      )}
      {!image.classification && image.kind === "dermoscopic" && image.urls.image && (
        <p>{t("image.noOpinion")}</p>
      )}
      {hasVerdict(image) && <CaseReadings imageId={image.image_id} />}
    </>
  );
}

/** Before it, nobody but a curator may see what was read. */
function hasVerdict({ state }: Image): boolean {
  return state === "labelled" || state === "disputed";
}

function Waiting({ sentence }: { sentence: string }) {
  const { t } = useTranslation();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 20_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="waiting">
      <progress aria-label={sentence} />
      <p>{sentence}</p>
      {slow && <p className="hint">{t("image.slow")}</p>}
    </div>
  );
}
