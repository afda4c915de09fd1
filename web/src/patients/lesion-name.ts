/** What a lesion is called among the others of its patient. */
import type { Lesion } from "../api/contract";
import { placeAt } from "../body/views";
import { usePlaceName } from "../body/words";
import { useChoiceName } from "./words";

/** "2. Torso: upper back, left", with the number it has on the page. */
export function useLesionName(lesions: readonly Lesion[]): (lesion: Lesion) => string {
  const nameOf = useChoiceName();
  const placeName = usePlaceName();
  return (lesion) => {
    const site = nameOf("site", lesion.site);
    const number = lesions.findIndex(({ lesion_id: id }) => id === lesion.lesion_id) + 1;
    const place = lesion.spot && placeAt(lesion.spot) ? `: ${placeName(lesion.spot)}` : "";
    return `${number}. ${site}${place}`;
  };
}

/** The spot of a lesion where there is one that can be shown. */
export function spotOf(lesion: Lesion) {
  return lesion.spot && placeAt(lesion.spot) ? lesion.spot : null;
}
