/** The lesions of a patient: dots on the body map and tiles beside it, which point to each other. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Patient } from "../api/contract";
import { BodyMap } from "../body/map";
import { spotOf, useLesionName } from "./lesion-name";
import { LesionTile } from "./lesion-tile";
import { useWaits } from "./waiting";

export function Lesions({ patient }: { patient: Patient }) {
  const { t } = useTranslation();
  const own = useTranslation("patients").t;
  const nameOf = useLesionName(patient.lesions);
  const waits = useWaits()(patient.patient_id);
  const [chosen, setChosen] = useState<string>();
  const waiting = new Set(
    [...waits.questions, ...waits.histology].map(({ lesion_id: lesionId }) => lesionId),
  );
  const spots = patient.lesions.flatMap((lesion, index) => {
    const spot = spotOf(lesion);
    if (!spot) return [];
    const kind = waiting.has(lesion.lesion_id) ? "attention" : undefined;
    return [{ ...spot, id: lesion.lesion_id, label: nameOf(lesion), number: index + 1, kind }];
  });

  function choose(lesionId: string) {
    setChosen(lesionId);
    const tile = document.getElementById(`lesion-${lesionId}`);
    tile?.scrollIntoView({ block: "nearest" });
    tile?.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  }

  if (patient.lesions.length === 0) {
    return (
      <>
        <h2>{t("patients.lesions")}</h2>
        <p>{t("patients.noLesions")}</p>
      </>
    );
  }
  return (
    <div className={spots.length > 0 ? "lesions mapped" : "lesions"}>
      {spots.length > 0 && (
        <div className="lesions-map">
          <BodyMap spots={spots} chosen={chosen} onChoose={choose} bare />
        </div>
      )}
      <section aria-labelledby="lesions-here">
        <h2 id="lesions-here">{t("patients.lesions")}</h2>
        <ul className="tiles">
          {patient.lesions.map((lesion, index) => (
            <LesionTile
              key={lesion.lesion_id}
              patient={patient}
              lesion={lesion}
              number={index + 1}
              chosen={lesion.lesion_id === chosen}
              choose={() => setChosen(lesion.lesion_id)}
            />
          ))}
        </ul>
        {spots.length === 0 && <p className="hint">{own("lesion.unplaced")}</p>}
      </section>
    </div>
  );
}
