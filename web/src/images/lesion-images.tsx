/** The images of one lesion: new ones come in on top, one is large, the others wait in a row. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import type { Lesion, State } from "../api/contract";
import { patientQuery } from "../api/queries";
import { timelineQuery } from "../follow-up/queries";
import { useLasting } from "../follow-up/timeline/lasting";
import "../follow-up/words";
import { dayInBrief } from "../language/format";
import { ImageCard } from "./image-card";
import { useClassName } from "./opinion";
import { type InStrip, inStrip, soonMore } from "./strip";
import { UploadArea } from "./upload-area";
import { useUploads } from "./uploads";
import "./card.css";

const LOOK_MS = 3_000;
const nothingMore = () => {};

interface Shown {
  patientId: string;
  lesion: Lesion;
  /** What may be done with the image that is large. */
  acts: (imageId: string) => ReactNode;
}

export function LesionImages({ patientId, lesion, acts }: Shown) {
  const { t } = useTranslation();
  const justSaved = Boolean((useLocation().state as { saved?: boolean } | null)?.saved);
  const [sent, setSent] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [images, renew] = useStrip(patientId, lesion);
  const ids = images.map((each) => each.imageId);
  const fresh = sent.filter((id) => !ids.includes(id));
  const all = [...fresh, ...ids];
  const shown = chosen && all.includes(chosen) ? chosen : all[0];
  // The way in stays as it was found: it must not close while files are on their way.
  const [roomy] = useState(all.length === 0);
  const sending = useUploads(lesion.lesion_id, (imageId) => {
    setSent((before) => [imageId, ...before]);
    setChosen(imageId);
  });

  return (
    <>
      {justSaved && all.length === 0 && (
        <p className="notice" role="status">
          {t("lesion.saved")}
        </p>
      )}
      <details className="way-in" open={roomy || sending.length > 0}>
        <summary>{t("upload.title")}</summary>
        <UploadArea lesionId={lesion.lesion_id} arrived={nothingMore} />
      </details>
      {all.length > 1 && <Strip images={images} shown={shown} choose={setChosen} renew={renew} />}
      {shown && (
        <section className="images" aria-label={t("lesion.images")}>
          <ImageCard key={shown} imageId={shown} />
          {acts(shown)}
        </section>
      )}
    </>
  );
}

/** What is known of the lesion's images, asked again while something will soon come of one. */
function useStrip(patientId: string, lesion: Lesion): [InStrip[], () => void] {
  const kept = useQueryClient();
  const { images: latest, lesion_id: lesionId } = lesion;
  const asked = latest.length > 0;
  const timeline = useQuery({ ...timelineQuery(lesionId), enabled: asked });
  const standing = latest.map((each) => `${each.image_id} ${each.state}`).join();
  useQuery({
    ...patientQuery(patientId),
    refetchInterval: () => (soonMore(latest, Date.now()) ? LOOK_MS : false),
  });
  const before = useRef(standing);
  useEffect(() => {
    if (before.current === standing) return;
    before.current = standing;
    void kept.invalidateQueries({ queryKey: timelineQuery(lesionId).queryKey });
  }, [kept, lesionId, standing]);
  return [inStrip(latest, timeline.data?.images ?? []), () => void timeline.refetch()];
}

interface Row {
  images: readonly InStrip[];
  shown: string | undefined;
  choose: (imageId: string) => void;
  /** A link has run out: ask for new ones. */
  renew: () => void;
}

function Strip({ images, shown, choose, renew }: Row) {
  const { t } = useTranslation("follow_up");
  return (
    <ul className="strip" aria-label={t("strip")}>
      {images.map((image) => (
        <li key={image.imageId}>
          <StripImage
            image={image}
            pressed={image.imageId === shown}
            choose={() => choose(image.imageId)}
            renew={renew}
          />
        </li>
      ))}
    </ul>
  );
}

interface One {
  image: InStrip;
  pressed: boolean;
  choose: () => void;
  renew: () => void;
}

function StripImage({ image, pressed, choose, renew }: One) {
  const { t } = useTranslation();
  const { url, failed } = useLasting(image.thumbnail, renew);
  const nameOf = useClassName();
  return (
    <button type="button" className="strip-image" aria-pressed={pressed} onClick={choose}>
      <span className="frame">
        {url && <img src={url} alt="" loading="lazy" decoding="async" onError={failed} />}
      </span>
      <span>{dayInBrief(image.day)}</span>
      {image.kind === "macroscopic" && <small>{t("kind.macroscopic")}</small>}
      <small>{image.said ? nameOf(image.said) : t(`state.${image.state as State}`)}</small>
    </button>
  );
}
