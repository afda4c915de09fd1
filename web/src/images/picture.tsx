/** A clinical picture: as large as the page allows, with what the model drew, and larger on demand. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SaliencyMap } from "../api/contract";
import { Outline, Saliency } from "../viewer/drawn";

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
