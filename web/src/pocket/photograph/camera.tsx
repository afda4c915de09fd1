/** The camera in the page, with a guide; the phone's own camera where that is refused or missing. */
import { type ChangeEvent, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { localDay, today } from "../../language/format";
import { opened } from "./reencoding";
import { openCamera, stillOf } from "./stream";

type Standing = "opening" | "live" | "refused" | "none" | "busy";

interface Shown {
  /** With the day it was taken, as YYYY-MM-DD. */
  taken: (photograph: ImageBitmap, on: string) => void;
}

export function Camera({ taken }: Shown) {
  const { t } = useTranslation("pocket");
  const video = useRef<HTMLVideoElement>(null);
  const [standing, setStanding] = useState<Standing>("opening");
  const [unreadable, setUnreadable] = useState(false);
  const [taking, setTaking] = useState(false);

  useEffect(() => {
    let gone = false;
    let stream: MediaStream | null = null;
    void openCamera().then(
      (open) => {
        if (gone) return stop(open);
        stream = open;
        if (video.current) video.current.srcObject = open;
        setStanding("live");
      },
      (error: unknown) => !gone && setStanding(whyOf(error)),
    );
    return () => {
      gone = true;
      if (stream) stop(stream);
    };
  }, []);

  const shoot = useCallback(async () => {
    if (!video.current) return;
    setTaking(true);
    try {
      taken(await stillOf(video.current), today());
    } catch {
      setUnreadable(true);
    } finally {
      setTaking(false);
    }
  }, [taken]);

  async function chosen({ target }: ChangeEvent<HTMLInputElement>) {
    const file = target.files?.[0];
    target.value = "";
    if (!file) return;
    try {
      taken(await opened(file), dayOf(file));
    } catch {
      setUnreadable(true);
    }
  }

  const live = standing === "live" || standing === "opening";
  return (
    <div className="camera-stage">
      {live ? (
        <>
          <div className="finder">
            <video ref={video} autoPlay playsInline muted aria-label={t("photograph.finder")} />
            <Guide />
          </div>
          <button
            type="button"
            className="shutter"
            disabled={standing !== "live" || taking}
            onClick={() => void shoot()}
          >
            <span className="unseen">{t("photograph.shoot")}</span>
          </button>
        </>
      ) : (
        <p className="notice">{t(`photograph.cameraNot.${standing}`)}</p>
      )}
      {unreadable && (
        <p className="failure" role="alert">
          {t("photograph.unreadable")}
        </p>
      )}
      <label className={live ? "button file" : "button primary large file"}>
        <input
          type="file"
          accept="image/*"
          capture="environment"
          onChange={(event) => void chosen(event)}
        />
        {t(live ? "photograph.ownCamera" : "photograph.openOwnCamera")}
      </label>
      <Advice />
    </div>
  );
}

/** A file may be older than today; what its clock says of the future is not believed. */
function dayOf(file: File): string {
  const told = new Date(file.lastModified);
  return Number.isNaN(told.getTime()) || told.getTime() > Date.now() ? today() : localDay(told);
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function whyOf(error: unknown): Standing {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "none";
}

/** The mole in the ring, the coin beside it: they lie in one plane and are measured by each other. */
function Guide() {
  const { t } = useTranslation("pocket");
  return (
    <svg className="guide" viewBox="0 0 300 400" aria-hidden="true">
      <circle cx="150" cy="200" r="44" className="guide-under" />
      <circle cx="150" cy="200" r="44" className="guide-over" />
      <circle cx="226" cy="272" r="34" className="guide-under" />
      <circle cx="226" cy="272" r="34" className="guide-over coin" />
      <text x="150" y="146" className="guide-word">
        {t("photograph.moleHere")}
      </text>
      <text x="226" y="326" className="guide-word">
        {t("photograph.coinHere")}
      </text>
    </svg>
  );
}

function Advice() {
  const { t } = useTranslation("pocket");
  return (
    <details className="how">
      <summary>{t("photograph.how")}</summary>
      <ul>
        {(["light", "near", "coin", "still"] as const).map((each) => (
          <li key={each}>{t(`photograph.advice.${each}`)}</li>
        ))}
      </ul>
    </details>
  );
}
