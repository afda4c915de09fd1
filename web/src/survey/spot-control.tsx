/** The place on the body map, beside the site of the form: each follows from the other. */
import { useState } from "react";
import { type Control, type UseFormSetValue, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Site } from "../api/contract";
import { BodyMap } from "../body/map";
import { VIEW_OF } from "../body/views";
import { usePlaceName } from "../body/words";
import { Window } from "../ui/dialog";
import { type Filled, spotOf } from "./answers";

interface Shown {
  control: Control<Filled>;
  setValue: UseFormSetValue<Filled>;
}

export function SpotControl({ control, setValue }: Shown) {
  const { t } = useTranslation("survey");
  const placeName = usePlaceName();
  const [open, setOpen] = useState(false);
  const [kept, site] = useWatch({ control, name: ["spot", "answers.site"] });
  const spot = spotOf({ spot: kept, answers: { site } });
  return (
    <div className="beside spot">
      <button type="button" className="link" onClick={() => setOpen(true)}>
        {t(spot ? "place.change" : "place.choose")}
      </button>
      {spot && (
        <>
          <span>{t("place.chosen", { words: placeName(spot) })}</span>
          <button type="button" className="link" onClick={() => setValue("spot", null)}>
            {t("place.remove")}
          </button>
        </>
      )}
      {open && (
        <Window
          title={t("place.title")}
          close={() => setOpen(false)}
          acts={
            <button type="button" className="primary" onClick={() => setOpen(false)}>
              {t("place.done")}
            </button>
          }
        >
          <BodyMap
            spots={spot ? [{ ...spot, id: "spot", label: t("place.spot"), kind: "new" }] : []}
            view={spot?.view ?? (site ? VIEW_OF[site as Site] : undefined)}
            onPlace={({ view, x, y, site: found }) => {
              setValue("spot", { view, x, y }, { shouldDirty: true });
              setValue("answers.site", found, { shouldDirty: true, shouldValidate: true });
            }}
            bare
          />
        </Window>
      )}
    </div>
  );
}
