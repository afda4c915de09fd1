/** A wrong image is moved to the lesion it shows, or deleted; both with a reason. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import type { Lesion, Patient } from "../api/contract";
import { imageQuery, patientQuery } from "../api/queries";
import { day } from "../language/format";
import { Confirm } from "../ui/confirm";
import { Window } from "../ui/dialog";
import { useLesionName } from "./lesion-name";
import { Reason } from "./reason";

type Latest = Lesion["images"][number];

interface Shown {
  patient: Patient;
  lesion: Lesion;
  close: () => void;
}

export function LesionImages({ patient, lesion, close }: Shown) {
  const { t } = useTranslation("patients");
  const nameOf = useLesionName(patient.lesions);
  return (
    <Window title={`${t("images.title")}: ${nameOf(lesion)}`} close={close}>
      {lesion.images.length === 0 && <p>{t("images.none")}</p>}
      <ul className="rows">
        {lesion.images.map((image) => (
          <Row key={image.image_id} image={image} patient={patient} lesion={lesion} />
        ))}
      </ul>
    </Window>
  );
}

interface RowShown extends Omit<Shown, "close"> {
  image: Latest;
}

function Row({ image, patient, lesion }: RowShown) {
  const { t } = useTranslation("patients");
  const common = useTranslation().t;
  const thumbnail = useQuery(imageQuery(image.image_id)).data?.urls.thumbnail;
  const kind = image.kind as "dermoscopic" | "macroscopic";
  return (
    <li className="image-row">
      <div className="frame small">{thumbnail && <img src={thumbnail} alt="" />}</div>
      <div className="grow">
        {common(`kind.${kind}`)}
        <small className="block">
          {image.taken_on
            ? t("images.taken", { date: day(image.taken_on) })
            : t("images.added", { date: day(image.created_at) })}
          {", "}
          {common(`state.${image.state as "classified"}`)}
        </small>
      </div>
      <ImageActs imageId={image.image_id} patient={patient} lesion={lesion} />
    </li>
  );
}

interface Acts {
  imageId: string;
  patient: Patient;
  lesion: Lesion;
}

/** The two acts on one image, for any page that shows it. */
export function ImageActs({ imageId, patient, lesion }: Acts) {
  const { t } = useTranslation("patients");
  const [open, setOpen] = useState<"move" | "remove" | null>(null);
  const close = () => setOpen(null);
  return (
    <div className="actions">
      <button type="button" onClick={() => setOpen("move")}>
        {t("images.move")}
      </button>
      <button type="button" onClick={() => setOpen("remove")}>
        {t("images.remove")}
      </button>
      {open === "move" && (
        <MoveImage imageId={imageId} patient={patient} lesion={lesion} close={close} />
      )}
      {open === "remove" && <RemoveImage imageId={imageId} patient={patient} close={close} />}
    </div>
  );
}

function MoveImage({ imageId, patient, lesion, close }: Acts & { close: () => void }) {
  const { t } = useTranslation("patients");
  const kept = useQueryClient();
  const id = useId();
  const nameOf = useLesionName(patient.lesions);
  const others = patient.lesions.filter((each) => each.lesion_id !== lesion.lesion_id);
  const [to, setTo] = useState(others.length === 1 ? (others[0]?.lesion_id ?? "") : "");
  const [reason, setReason] = useState("");

  async function move() {
    await ask(`/images/${encodeURIComponent(imageId)}`, {
      method: "PATCH",
      body: { lesion_id: to, reason: reason.trim() },
    });
    void kept.invalidateQueries({ queryKey: imageQuery(imageId).queryKey });
    await kept.invalidateQueries({ queryKey: patientQuery(patient.patient_id).queryKey });
  }

  return (
    <Confirm
      title={t("images.moveTitle")}
      act={t("images.move")}
      perform={move}
      close={close}
      blocked={!to || !reason.trim()}
    >
      {others.length === 0 ? (
        <p>{t("images.only")}</p>
      ) : (
        <>
          <p>{t("images.moveWhy")}</p>
          <div className="field">
            <label htmlFor={id}>{t("images.moveTo")}</label>
            <select id={id} value={to} onChange={(event) => setTo(event.target.value)}>
              <option value="">{t("lesion.choose")}</option>
              {others.map((each) => (
                <option key={each.lesion_id} value={each.lesion_id}>
                  {nameOf(each)}
                </option>
              ))}
            </select>
          </div>
          <Reason reason={reason} change={setReason} />
        </>
      )}
    </Confirm>
  );
}

interface Removal {
  imageId: string;
  patient: Patient;
  close: () => void;
}

function RemoveImage({ imageId, patient, close }: Removal) {
  const { t } = useTranslation("patients");
  const kept = useQueryClient();
  const [reason, setReason] = useState("");

  async function remove() {
    await ask(`/images/${encodeURIComponent(imageId)}`, {
      method: "DELETE",
      body: { reason: reason.trim() },
    });
    await kept.invalidateQueries({ queryKey: patientQuery(patient.patient_id).queryKey });
  }

  return (
    <Confirm
      title={t("images.removeTitle")}
      act={t("images.remove")}
      perform={remove}
      close={close}
      blocked={!reason.trim()}
    >
      <p>{t("images.removeWhy")}</p>
      <Reason reason={reason} change={setReason} />
    </Confirm>
  );
}
