/** Two photographs of one mole: side by side, or one over the other under a curtain. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TakenImage } from "../shapes";
import { dateOf } from "./series";

interface Shown {
  images: readonly TakenImage[];
  renew: () => void;
}

export function Compare({ images, renew }: Shown) {
  const { t } = useTranslation("pocket");
  const [earlier, setEarlier] = useState(images[0]?.image_id ?? "");
  const [later, setLater] = useState(images.at(-1)?.image_id ?? "");
  const [curtain, setCurtain] = useState(false);
  const [share, setShare] = useState(50);
  const one = images.find(({ image_id }) => image_id === earlier) ?? images[0];
  const other = images.find(({ image_id }) => image_id === later) ?? images.at(-1);
  if (!one || !other) return null;
  const pictures = (
    <>
      <Side image={one} renew={renew} />
      <Side image={other} renew={renew} />
    </>
  );
  return (
    <div className="compare">
      <div className="actions">
        <Choice label={t("mole.earlier")} images={images} chosen={earlier} choose={setEarlier} />
        <Choice label={t("mole.later")} images={images} chosen={later} choose={setLater} />
      </div>
      {curtain ? (
        <>
          <div className="curtain" style={{ "--share": `${share}%` } as React.CSSProperties}>
            {pictures}
          </div>
          <label className="curtain-slider">
            <span>{t("mole.slide")}</span>
            <input
              type="range"
              min="0"
              max="100"
              value={share}
              aria-valuetext={t("mole.slideSays", { share })}
              onChange={({ target }) => setShare(Number(target.value))}
            />
          </label>
        </>
      ) : (
        <div className="side-by-side">{pictures}</div>
      )}
      <button type="button" aria-pressed={curtain} onClick={() => setCurtain(!curtain)}>
        {t(curtain ? "mole.sideBySide" : "mole.curtain")}
      </button>
      <p className="hint">{t("mole.compareMeans")}</p>
    </div>
  );
}

function Side({ image, renew }: { image: TakenImage; renew: () => void }) {
  const { t } = useTranslation("pocket");
  const date = dateOf(image, t("mole.noDate"));
  return (
    <figure>
      <img
        src={image.urls.image ?? image.urls.thumbnail ?? undefined}
        alt={t("mole.photographOf", { date })}
        onError={renew}
      />
      <figcaption>{date}</figcaption>
    </figure>
  );
}

interface Chosen {
  label: string;
  images: readonly TakenImage[];
  chosen: string;
  choose: (id: string) => void;
}

function Choice({ label, images, chosen, choose }: Chosen) {
  const { t } = useTranslation("pocket");
  return (
    <label className="compare-choice">
      <span>{label}</span>
      <select value={chosen} onChange={({ target }) => choose(target.value)}>
        {images.map((image) => (
          <option key={image.image_id} value={image.image_id}>
            {dateOf(image, t("mole.noDate"))}
          </option>
        ))}
      </select>
    </label>
  );
}
