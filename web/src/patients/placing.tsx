/** Where a lesion is on the body, and its note: set or mended after it was recorded. */
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import type { Lesion, Patient, Schemas } from "../api/contract";
import { patientQuery } from "../api/queries";
import { BodyMap } from "../body/map";
import { placeAt, type Spot, VIEW_OF } from "../body/views";
import { Confirm } from "../ui/confirm";
import { spotOf, useLesionName } from "./lesion-name";
import { useChoiceName } from "./words";

interface Shown {
  patient: Patient;
  lesion: Lesion;
  close: () => void;
}

export function PlaceLesion({ patient, lesion, close }: Shown) {
  const { t } = useTranslation("patients");
  const kept = useQueryClient();
  const id = useId();
  const nameOf = useLesionName(patient.lesions);
  const siteName = useChoiceName();
  const [spot, setSpot] = useState<Spot | null>(() => spotOf(lesion));
  const [note, setNote] = useState(lesion.note ?? "");
  // The site is of the surveys, and is corrected there.
  const elsewhere = spot !== null && placeAt(spot)?.site !== lesion.site;

  async function save() {
    await ask<Schemas["ChangedLesion"]>(`/lesions/${encodeURIComponent(lesion.lesion_id)}`, {
      method: "PATCH",
      body: { spot, note: note.trim() || null },
    });
    await kept.invalidateQueries({ queryKey: patientQuery(patient.patient_id).queryKey });
  }

  return (
    <Confirm
      title={nameOf(lesion)}
      act={t("lesion.placeAct")}
      perform={save}
      close={close}
      blocked={elsewhere}
    >
      <BodyMap
        bare
        view={spot ? undefined : VIEW_OF[lesion.site]}
        spots={spot ? [{ ...spot, id: "new", label: nameOf(lesion), kind: "new" }] : []}
        onPlace={({ view, x, y }) => setSpot({ view, x, y })}
      />
      <p className="fault" role="status">
        {elsewhere && t("lesion.elsewhere", { site: siteName("site", lesion.site) })}
      </p>
      <div className="field">
        <label htmlFor={id}>
          {t("lesion.note")} <small>{t("lesion.noteHint")}</small>
        </label>
        <textarea
          id={id}
          rows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </Confirm>
  );
}
