/** One lesion: new images come in on top, each with what has come of it, then the surveys. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "react-router";
import type { Lesion, Patient, Survey } from "../api/contract";
import { patientQuery } from "../api/queries";
import { Page } from "../app/page";
import { ImageCard } from "../images/image-card";
import { UploadArea } from "../images/upload-area";
import { day } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { useChoiceName, useReadAnswers } from "./words";

export function LesionPage() {
  const { t } = useTranslation();
  const { patientId = "", lesionId = "" } = useParams();
  const query = useQuery(patientQuery(patientId));
  const lesion = query.data?.lesions.find((each) => each.lesion_id === lesionId);
  if (query.data && lesion) return <Shown key={lesionId} patient={query.data} lesion={lesion} />;
  return (
    <Page
      title={t("patients.lesions")}
      above={<Link to={`/patients/${patientId}`}>← {t("lesion.patient")}</Link>}
    >
      {query.isPending && <Skeleton />}
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.data && <p>{t("lesion.gone")}</p>}
    </Page>
  );
}

function Shown({ patient, lesion }: { patient: Patient; lesion: Lesion }) {
  const { t } = useTranslation();
  const nameOf = useChoiceName();
  const justSaved = Boolean((useLocation().state as { saved?: boolean } | null)?.saved);
  const [sent, setSent] = useState<readonly string[]>([]);
  const lesionId = lesion.lesion_id;
  const known = lesion.images.map((image) => image.image_id);
  const images = [...sent.filter((id) => !known.includes(id)), ...known];
  const surveys = patient.surveys.filter((each) => each.lesion_id === lesionId);

  return (
    <Page
      title={nameOf("site", lesion.site)}
      above={
        <Link to={`/patients/${patient.patient_id}`}>
          ← {t(`sex.${patient.sex}`)}, {t("born", { year: patient.birth_year })}
        </Link>
      }
      aside={
        <Link className="button" to={`/cases/new?patient=${patient.patient_id}&lesion=${lesionId}`}>
          {t("lesion.again")}
        </Link>
      }
    >
      {justSaved && images.length === 0 && (
        <p className="notice" role="status">
          {t("lesion.saved")}
        </p>
      )}
      {lesion.note && <p className="measure">{lesion.note}</p>}
      <UploadArea
        lesionId={lesionId}
        arrived={(imageId) => setSent((before) => [imageId, ...before])}
      />
      {images.length > 0 && (
        <section className="images" aria-label={t("lesion.images")}>
          {images.map((id) => (
            <ImageCard key={id} imageId={id} />
          ))}
        </section>
      )}
      {surveys.length === 0 && <p className="hint">{t("lesion.noSurvey")}</p>}
      {surveys.map((survey) => (
        <ReadSurvey key={survey.survey_id} survey={survey} />
      ))}
    </Page>
  );
}

function ReadSurvey({ survey }: { survey: Survey }) {
  const { t } = useTranslation();
  const answers = useReadAnswers()(survey);
  return (
    <details>
      <summary>{t("lesion.survey", { date: day(survey.examined_on) })}</summary>
      <dl className="facts">
        {answers.map(({ key, name, said }) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
