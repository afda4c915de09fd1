/** A lesion in brief: its latest image, what is known of it, and what can be done with it. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Lesion, Patient } from "../api/contract";
import { imageQuery } from "../api/queries";
import { usePlaceName } from "../body/words";
import { useClassName } from "../images/opinion";
import { counted, day } from "../language/format";
import { ActsMenu } from "../ui/menu";
import { Course, useTreatmentName } from "./course";
import { LesionImages } from "./lesion-images";
import { spotOf, useLesionName } from "./lesion-name";
import { MergeLesions } from "./merging";
import { PlaceLesion } from "./placing";
import { LesionSurveys } from "./surveys";
import { useChoiceName } from "./words";

interface Shown {
  patient: Patient;
  lesion: Lesion;
  number: number;
  chosen: boolean;
  choose: () => void;
}

export function LesionTile({ patient, lesion, number, chosen, choose }: Shown) {
  const { t } = useTranslation();
  const nameOf = useChoiceName();
  const placeName = usePlaceName();
  const latest = lesion.images[0];
  const image = useQuery({ ...imageQuery(latest?.image_id ?? ""), enabled: latest !== undefined });
  const thumbnail = image.data?.urls.thumbnail;
  const spot = spotOf(lesion);
  return (
    <li
      className="tile lesion-tile"
      id={`lesion-${lesion.lesion_id}`}
      data-chosen={chosen || undefined}
      onPointerEnter={choose}
      onFocus={choose}
    >
      {latest ? (
        <div className="frame">{thumbnail && <img src={thumbnail} alt="" />}</div>
      ) : (
        <div className="frame-empty">{t("patients.noImages")}</div>
      )}
      <div className="tile-head">
        <span className="body-number" aria-hidden="true">
          {number}
        </span>
        <Link
          className="cover grow"
          to={`/patients/${patient.patient_id}/lesions/${lesion.lesion_id}`}
        >
          {nameOf("site", lesion.site)}
        </Link>
        <Acts patient={patient} lesion={lesion} />
      </div>
      <div className="tile-words">
        {spot && <span>{placeName(spot)}</span>}
        {lesion.note && <span>{lesion.note}</span>}
        <Known patient={patient} lesion={lesion} />
      </div>
    </li>
  );
}

/** The strongest that is said of a lesion first: histology, then experts, then the model. */
function Known({ patient, lesion }: { patient: Patient; lesion: Lesion }) {
  const { t } = useTranslation();
  const own = useTranslation("patients").t;
  const classOf = useClassName();
  const treatmentName = useTreatmentName();
  const latest = lesion.images[0];
  const surveys = patient.surveys.filter((each) => each.lesion_id === lesion.lesion_id);
  const counts = [
    ...(lesion.images.length > 0
      ? [counted(lesion.images.length, t("patients.images", { returnObjects: true }))]
      : []),
    ...(surveys.length > 0
      ? [counted(surveys.length, t("patients.surveys", { returnObjects: true }))]
      : []),
  ];
  const verdict = latest?.label?.diagnosis;
  const last = lesion.treatments.at(-1);
  return (
    <>
      <span>{counts.join(", ")}</span>
      {lesion.confirmed ? (
        <strong>
          {own("lesion.histology", { diagnosis: classOf(lesion.confirmed.diagnosis) })}
        </strong>
      ) : (
        typeof verdict === "string" && (
          <strong>{own("lesion.label", { diagnosis: classOf(verdict) })}</strong>
        )
      )}
      {last && (
        <small>
          {own("lesion.treated", { what: treatmentName(last.what), date: day(last.done_on) })}
        </small>
      )}
      {latest && <small>{t(`state.${latest.state as "classified"}`)}</small>}
      {latest?.top && (
        <small>
          {t("opinion.title")}: {classOf(latest.top)}
        </small>
      )}
      {lesion.merges.length > 0 && (
        <small>{own("lesion.was", { count: lesion.merges.length })}</small>
      )}
    </>
  );
}

type Opened = "place" | "surveys" | "course" | "images" | "merge";

function Acts({ patient, lesion }: { patient: Patient; lesion: Lesion }) {
  const { t } = useTranslation("patients");
  const nameOf = useLesionName(patient.lesions);
  const [open, setOpen] = useState<Opened | null>(null);
  // Who was referred is treated here; the records themselves are his own clinic's to change.
  const isOwn = !patient.referred;
  const shown = { patient, lesion, close: () => setOpen(null) };
  const windows: Record<Opened, ReactNode> = {
    place: <PlaceLesion {...shown} />,
    surveys: <LesionSurveys {...shown} />,
    course: <Course {...shown} />,
    images: <LesionImages {...shown} />,
    merge: <MergeLesions {...shown} />,
  };
  const act = (key: Opened, name: string) => ({ key, name, perform: () => setOpen(key) });
  return (
    <div className="tile-acts">
      <ActsMenu
        name={t("more")}
        label={t("moreOf", { what: nameOf(lesion) })}
        acts={[
          ...(isOwn ? [act("place", t("lesion.place")), act("surveys", t("lesion.surveys"))] : []),
          act("course", t("lesion.course")),
          ...(isOwn && lesion.images.length > 0 ? [act("images", t("lesion.images"))] : []),
          ...(isOwn && patient.lesions.length > 1 ? [act("merge", t("lesion.merge"))] : []),
        ]}
      />
      {open && windows[open]}
    </div>
  );
}
