/** Loaded by every page with a body map. */
import { useTranslation } from "react-i18next";
import { addWords } from "../language";
import { type Place, placeAt, type Spot } from "./views";
import { en } from "./words.en";
import { ru } from "./words.ru";

addWords("body", { ru, en });

/** A place in words: "chest, left". */
export function usePlaceName(): (spot: Spot | Place) => string {
  const { t } = useTranslation("body");
  return (spot) => {
    const place = "area" in spot ? spot : placeAt(spot);
    if (!place) return t("beside");
    const area = t(`areas.${place.area}`);
    return place.side === "middle" ? area : `${area}, ${t(`sides.${place.side}`)}`;
  };
}
