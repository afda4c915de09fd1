/** A clinical picture: as large as the page allows, with what the model drew, and larger on demand. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SaliencyMap } from "../api/contract";

interface Shown {
  url: string;
  alt: string;
  width?: number | null;
  height?: number | null;
  saliency?: SaliencyMap | null;
  outline?: readonly (readonly [number, number] | number[])[] | null;
  /** The link has run out: ask for a new one. */
  expired?: () => void;
}

export function Picture({ url, alt, width, height, outline, saliency, expired }: Shown) {
  const { t } = useTranslation();
  const [enlarged, setEnlarged] = useState(false);
  const [outlined, setOutlined] = useState(true);
  const [lit, setLit] = useState(false);
  // Each reading signs a new link to the same picture: the one on show stays until it fails.
  const [shown, setShown] = useState(url);
  const failed = useRef(false);
  useEffect(() => {
    if (failed.current) {
      failed.current = false;
      setShown(url);
    }
  }, [url]);
  const traced = outline && outline.length > 2 ? outline : null;
  return (
    <figure className="picture">
      <button
        type="button"
        className="frame"
        aria-label={t("image.enlarge", { alt })}
        onClick={() => setEnlarged(true)}
      >
        <img
          src={shown}
          alt=""
          width={width ?? undefined}
          height={height ?? undefined}
          decoding="async"
          onError={() => {
            if (failed.current) return;
            failed.current = true;
            expired?.();
          }}
        />
        {saliency && lit && <Saliency map={saliency} />}
        {traced && outlined && <Outline points={traced} />}
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="icon corner">
          <path d="M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7" />
        </svg>
      </button>
      {(traced || saliency) && (
        <figcaption>
          {traced && (
            <label className="check">
              <input
                type="checkbox"
                checked={outlined}
                onChange={(event) => setOutlined(event.target.checked)}
              />
              {t("image.outline")}
            </label>
          )}
          {saliency && (
            <label className="check">
              <input
                type="checkbox"
                checked={lit}
                onChange={(event) => setLit(event.target.checked)}
              />
              {t("image.saliency")}
            </label>
          )}
          {saliency && lit && <small>{t("image.saliencyMeans")}</small>}
        </figcaption>
      )}
      {enlarged && <Enlarged url={shown} alt={alt} close={() => setEnlarged(false)} />}
    </figure>
  );
}

/** Light on dark, so that it is seen on any skin. */
function Outline({ points }: { points: readonly (readonly number[])[] }) {
  const path = points.map(([x = 0, y = 0]) => `${x},${y}`).join(" ");
  return (
    <svg className="outline" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={path} className="outline-under" />
      <polygon points={path} className="outline-over" />
    </svg>
  );
}

/** Blue, which no skin has. */
const LIT = [0, 150, 255] as const;
const MOST_OPAQUE = 0.65;

/** The more evidence, the less transparent; stretched over the picture by the browser. */
function Saliency({ map }: { map: SaliencyMap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const drawing = canvas.current?.getContext("2d");
    const cells = Uint8Array.from(atob(map.values), (char) => char.charCodeAt(0));
    if (!drawing || cells.length !== map.width * map.height) return;
    const pixels = drawing.createImageData(map.width, map.height);
    cells.forEach((value, cell) => {
      pixels.data.set([...LIT, Math.round(value * MOST_OPAQUE)], cell * 4);
    });
    drawing.putImageData(pixels, 0, 0);
  }, [map]);
  return <canvas ref={canvas} className="saliency" width={map.width} height={map.height} />;
}

interface Full {
  url: string;
  alt: string;
  close: () => void;
}

function Enlarged({ url, alt, close }: Full) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="enlarged" aria-label={alt} onClose={close}>
      <button type="button" onClick={() => dialog.current?.close()}>
        {t("image.close")}
      </button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard when larger than the screen */}
      <div className="enlarged-frame" tabIndex={0}>
        <img src={url} alt={alt} />
      </div>
    </dialog>
  );
}
