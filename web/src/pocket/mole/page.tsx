/** One mole: its photographs in order, side by side, its size over time, and what may be done. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Page as Frame } from "../../app/page";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { Views } from "../../ui/tabs";
import { useWaiting } from "../keeping/waiting";
import { useMoleName } from "../mole-name";
import { meQuery, molesQuery, timelineQuery } from "../queries";
import type { Mole, TakenImage, Timeline } from "../shapes";
import { WaitingList } from "../waiting-list";
import { ChangeInWords } from "./change";
import { Compare } from "./compare";
import { Editing } from "./editing";
import { ownSeries } from "./order";
import { isUnderWay, Pending } from "./pending";
import { Series } from "./series";
import { Sizes } from "./sizes";
import "../words";
import "./mole.css";

export function Page() {
  const { t } = useTranslation("pocket");
  const { moleId = "" } = useParams();
  const moles = useQuery(molesQuery);
  const nameOf = useMoleName();
  const mole = moles.data?.find(({ lesion_id }) => lesion_id === moleId);
  return (
    <Frame
      title={mole ? nameOf(mole) : t("mole.title")}
      above={<Link to="/me">{t("back")}</Link>}
      aside={mole && <Editing mole={mole} />}
    >
      {moles.isPending && <Skeleton rows={2} shape="tile" />}
      {!moles.data && moles.isError && (
        <Failure error={moles.error} retry={() => moles.refetch()} />
      )}
      {moles.data && !mole && <p>{t("mole.gone")}</p>}
      {mole && <OfMole mole={mole} />}
    </Frame>
  );
}

function OfMole({ mole }: { mole: Mole }) {
  const timeline = useQuery(timelineQuery(mole.lesion_id));
  const waits = useWaiting().tasks?.some(
    ({ task }) => task.kind === "photograph" && "id" in task.of && task.of.id === mole.lesion_id,
  );
  return (
    <>
      <Acts mole={mole} />
      {waits && <WaitingList />}
      <Pending images={mole.images} />
      {timeline.isPending && <Skeleton rows={2} shape="tile" />}
      {!timeline.data && timeline.isError && (
        <Failure error={timeline.error} retry={() => timeline.refetch()} />
      )}
      {timeline.data && (
        <Known timeline={timeline.data} renew={() => void timeline.refetch()} mole={mole} />
      )}
    </>
  );
}

function Acts({ mole }: { mole: Mole }) {
  const { t } = useTranslation("pocket");
  const me = useQuery(meQuery).data;
  const id = encodeURIComponent(mole.lesion_id);
  const asks = mole.images.length > 0 && me?.can_ask !== false;
  return (
    <div className="actions">
      <Link className="button primary large" to={`/me/photograph?mole=${id}`}>
        {t("mole.photograph")}
      </Link>
      {asks && (
        <Link className="button large" to={`/me/moles/${id}/ask`}>
          {t("mole.ask")}
        </Link>
      )}
    </div>
  );
}

function Known(shown: { timeline: Timeline; mole: Mole; renew: () => void }) {
  const { t } = useTranslation("pocket");
  const images = ownSeries(shown.timeline.images);
  const [chosen, setChosen] = useState<TakenImage | null>(null);
  const last = images.at(-1);
  if (!last) {
    if (shown.mole.images.some(isUnderWay)) return null;
    return (
      <Empty title={t("mole.empty")}>
        <p>{t("mole.emptyWhy")}</p>
      </Empty>
    );
  }
  const open = images.find(({ image_id }) => image_id === chosen?.image_id) ?? last;
  const series = (
    <Series images={images} open={open} choose={setChosen} renew={shown.renew} mole={shown.mole} />
  );
  return (
    <>
      <ChangeInWords change={shown.timeline.change} images={images} />
      {images.length === 1 ? (
        series
      ) : (
        <Views
          label={t("mole.views")}
          views={[
            { key: "series", name: t("mole.series"), content: series },
            {
              key: "compare",
              name: t("mole.compare"),
              content: <Compare images={images} renew={shown.renew} />,
            },
          ]}
        />
      )}
      <Sizes images={images} />
    </>
  );
}
