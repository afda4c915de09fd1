/** An image to look at closely, with what the model drew, and a ruler. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Image } from "../api/contract";
import "../follow-up/words";
import { Viewer } from "../viewer";

interface Shown {
  image: Image;
  url: string;
  /** The link has run out: ask for a new one. */
  expired: () => void;
}

export function Looking({ image, url, expired }: Shown) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const [measuring, setMeasuring] = useState(false);
  const kind = common(`kind.${image.kind}`).toLocaleLowerCase();
  const { classification: opinion } = image;
  return (
    <div className="looking">
      <Viewer
        source={url}
        alt={common("image.alt", { kind })}
        outline={opinion?.outline}
        saliency={opinion?.saliency}
        tool={measuring ? "ruler" : "none"}
        spacingMm={image.pixel_spacing_mm}
        expired={expired}
      />
      <p>
        <button type="button" aria-pressed={measuring} onClick={() => setMeasuring(!measuring)}>
          {t(measuring ? "ruler.away" : "ruler.take")}
        </button>
      </p>
    </div>
  );
}
