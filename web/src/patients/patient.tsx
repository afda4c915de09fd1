/** One patient: consent, and the lesions with their latest image. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { Lesion, Patient } from "../api/contract";
import { imageQuery, patientQuery } from "../api/queries";
import { Page } from "../app/page";
import { useClassName } from "../images/opinion";
import { counted, day } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { useChoiceName } from "./words";

export function PatientPage() {
  const { t } = useTranslation();
  const { patientId = "" } = useParams();
  const query = useQuery(patientQuery(patientId));
  const back = <Link to="/patients">← {t("patients.title")}</Link>;
  if (!query.data) {
    return (
      <Page title={t("patients.patient")} above={back}>
        {query.isPending ? (
          <Skeleton />
        ) : (
          <Failure error={query.error} retry={() => query.refetch()} />
        )}
      </Page>
    );
  }
  const patient = query.data;
  return (
    <Page
      title={`${t(`sex.${patient.sex}`)}, ${t("born", { year: patient.birth_year })}`}
      above={back}
      aside={
        <Link className="button primary" to={`/cases/new?patient=${patientId}`}>
          {t("patients.newLesion")}
        </Link>
      }
    >
      <Facts patient={patient} />
      <h2>{t("patients.lesions")}</h2>
      {patient.lesions.length === 0 && <p>{t("patients.noLesions")}</p>}
      <ul className="tiles">
        {patient.lesions.map((lesion) => (
          <LesionTile key={lesion.lesion_id} patient={patient} lesion={lesion} />
        ))}
      </ul>
    </Page>
  );
}

function Facts({ patient }: { patient: Patient }) {
  const { t } = useTranslation();
  const { consent } = patient;
  return (
    <dl className="facts">
      <div>
        <dt>{t("patients.firstVisit")}</dt>
        <dd>{patient.first_visit ? day(patient.first_visit) : "—"}</dd>
      </div>
      <div>
        <dt>{t("patients.lastVisit")}</dt>
        <dd>{patient.last_visit ? day(patient.last_visit) : "—"}</dd>
      </div>
      <div>
        <dt>{t("patients.consent")}</dt>
        <dd>
          {t(consent.publication ? "patients.consentPublication" : "patients.consentResearch")},{" "}
          {day(consent.given_on)}
        </dd>
      </div>
      <div>
        <dt>{t("patients.id")}</dt>
        <dd>
          <code>{patient.patient_id}</code>
        </dd>
      </div>
    </dl>
  );
}

function LesionTile({ patient, lesion }: { patient: Patient; lesion: Lesion }) {
  const { t } = useTranslation();
  const nameOf = useChoiceName();
  const classOf = useClassName();
  const latest = lesion.images[0];
  const image = useQuery({ ...imageQuery(latest?.image_id ?? ""), enabled: latest !== undefined });
  const surveys = patient.surveys.filter((each) => each.lesion_id === lesion.lesion_id);
  const thumbnail = image.data?.urls.thumbnail;
  return (
    <li className="tile">
      <div className="frame">{thumbnail && <img src={thumbnail} alt="" />}</div>
      <div className="tile-words">
        <Link className="cover" to={`/patients/${patient.patient_id}/lesions/${lesion.lesion_id}`}>
          {nameOf("site", lesion.site)}
        </Link>
        {lesion.note && <span>{lesion.note}</span>}
        <span>
          {lesion.images.length > 0
            ? counted(lesion.images.length, t("patients.images", { returnObjects: true }))
            : t("patients.noImages")}
          {surveys.length > 0 &&
            `, ${counted(surveys.length, t("patients.surveys", { returnObjects: true }))}`}
        </span>
        {latest && <small>{t(`state.${latest.state as "classified"}`)}</small>}
        {latest?.top && (
          <small>
            {t("opinion.title")}: {classOf(latest.top)}
          </small>
        )}
      </div>
    </li>
  );
}
