/** The image of a case as large as the page allows, with the outline that the curator chooses. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Image } from "../api/contract";
import { Viewer } from "../viewer";
import { coefficient } from "./format";
import type { Case, Points } from "./shapes";

interface Shown {
  image: Image;
  of: Case | null;
  renew: () => void;
}

export function CaseImage({ image, of, renew }: Shown) {
  const { t } = useTranslation("oversight");
  const { t: common } = useTranslation();
  const outlines = useOutlines(image, of);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown =
    chosen === "" ? undefined : outlines.find(({ key }) => key === (chosen ?? "joined"));
  const url = image.urls.image ?? image.urls.thumbnail;
  const kind = common(`kind.${image.kind}`).toLocaleLowerCase();
  return (
    <div className="case-image">
      {url ? (
        <Viewer
          source={url}
          alt={common("image.alt", { kind })}
          outline={shown?.points}
          saliency={image.classification?.saliency}
          spacingMm={image.pixel_spacing_mm}
          expired={renew}
        />
      ) : (
        <div className="frame none">{t("cases.noImage")}</div>
      )}
      {outlines.length > 0 && (
        <fieldset className="choices">
          <legend>{t("cases.outlines")}</legend>
          <div className="chips">
            {[{ key: "", name: t("cases.outlineNone") }, ...outlines].map(({ key, name }) => (
              <label key={key} className="chip">
                <input
                  type="radio"
                  name="outline"
                  checked={(shown?.key ?? "") === key}
                  onChange={() => setChosen(key)}
                />
                <span>{name}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {of?.outlines && (
        <p className="hint">
          {t("cases.dice", { dice: coefficient(of.outlines.dice) })}{" "}
          {t(of.outlines.merged ? "cases.diceClose" : "cases.diceFar")}
        </p>
      )}
    </div>
  );
}

interface Outline {
  key: string;
  name: string;
  points: Points;
}

/** Every outline that there is: the joint one first, then each reader's, then the model's. */
function useOutlines(image: Image, of: Case | null): Outline[] {
  const { t } = useTranslation("oversight");
  const drawn = of?.readings ?? [];
  const found: [string, string, Points | null | undefined][] = [
    ["joined", t("cases.outlineJoined"), of?.outline],
    ...drawn.map((reading, place): [string, string, Points | null] => [
      reading.reading_id,
      t("cases.outlineOf", { number: place + 1 }),
      reading.outline,
    ]),
    ["model", t("cases.outlineModel"), image.classification?.outline as Points | null | undefined],
  ];
  return found.flatMap(([key, name, points]) =>
    points && points.length > 2 ? [{ key, name, points }] : [],
  );
}
