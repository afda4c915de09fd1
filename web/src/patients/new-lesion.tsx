/** A lesion without a survey: where it is, marked on the body, and a note. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ask } from "../api/client";
import type { Schemas, Site } from "../api/contract";
import { useRequestKeys } from "../api/idempotency";
import { patientQuery, vocabulariesQuery } from "../api/queries";
import { BodyMap } from "../body/map";
import { placeAt, type Spot, VIEW_OF } from "../body/views";
import { usePlaceName } from "../body/words";
import { labelOf } from "../language";
import { Confirm } from "../ui/confirm";

export function NewLesion({ patientId, close }: { patientId: string; close: () => void }) {
  const { t } = useTranslation("patients");
  const navigate = useNavigate();
  const kept = useQueryClient();
  const id = useId();
  const placeName = usePlaceName();
  const words = useQuery(vocabulariesQuery).data;
  const keyFor = useRequestKeys();
  const [site, setSite] = useState<Site | "">("");
  const [marked, setMarked] = useState<Spot | null>(null);
  const [note, setNote] = useState("");
  const spot = marked && placeAt(marked)?.site === site ? marked : null;

  async function add() {
    const body = {
      site,
      ...(note.trim() ? { note: note.trim() } : {}),
      ...(spot ? { spot } : {}),
    };
    const made = await ask<Schemas["LesionCreated"]>(
      `/patients/${encodeURIComponent(patientId)}/lesions`,
      { method: "POST", body, idempotencyKey: keyFor(body) },
    );
    await kept.invalidateQueries({ queryKey: patientQuery(patientId).queryKey });
    await navigate(`/patients/${patientId}/lesions/${made.lesion_id}`);
  }

  return (
    <Confirm
      title={t("lesion.addTitle")}
      act={t("lesion.add")}
      perform={add}
      close={close}
      blocked={!site}
    >
      <BodyMap
        bare
        view={site && !spot ? VIEW_OF[site] : undefined}
        spots={spot ? [{ ...spot, id: "new", label: t("lesion.addTitle"), kind: "new" }] : []}
        onPlace={({ view, x, y, site: found }) => {
          setMarked({ view, x, y });
          setSite(found);
        }}
      />
      <div className="field">
        <label htmlFor={`${id}-site`}>{t("lesion.site")}</label>
        <div className="beside">
          <select
            id={`${id}-site`}
            value={site}
            onChange={(event) => setSite(event.target.value as Site | "")}
          >
            <option value="">{t("lesion.choose")}</option>
            {words?.fields
              .find((field) => field.key === "site")
              ?.choices.map((choice) => (
                <option key={choice.key} value={choice.key}>
                  {labelOf(choice.labels)}
                </option>
              ))}
          </select>
          <span className="hint">{spot && placeName(spot)}</span>
        </div>
      </div>
      <div className="field">
        <label htmlFor={`${id}-note`}>
          {t("lesion.note")} <small>{t("lesion.noteHint")}</small>
        </label>
        <textarea
          id={`${id}-note`}
          rows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </Confirm>
  );
}
