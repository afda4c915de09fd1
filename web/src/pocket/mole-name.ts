/** What a mole is called: its owner's own name, else its place on the body in words, else the part of it. */
import { useTranslation } from "react-i18next";
import { usePlaceName } from "../body/words";
import type { Mole } from "./shapes";
import "./words";

const SITES = ["head_neck", "legs", "genitals", "torso", "palms_soles", "arms"] as const;

export function useMoleName(): (mole: Pick<Mole, "name" | "site" | "spot">) => string {
  const { t } = useTranslation("pocket");
  const placeName = usePlaceName();
  return ({ name, site, spot }) => {
    if (name) return name;
    const known = SITES.find((each) => each === site);
    if (!spot) return known ? t(`sites.${known}`) : t("mole.unnamed");
    const place = placeName(spot);
    return place.charAt(0).toLocaleUpperCase() + place.slice(1);
  };
}
