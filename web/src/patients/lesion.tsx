/** One lesion: its images with what has come of them, its course, its histology, its surveys. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import type { Lesion, Patient, Survey } from "../api/contract";
import { patientQuery } from "../api/queries";
import { Page } from "../app/page";
import { HistologyView } from "../follow-up/histology/view";
import { TimelineView } from "../follow-up/timeline/view";
import "../follow-up/words";
import { LesionImages } from "../images/lesion-images";
import { counted, day } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { Views } from "../ui/tabs";
import { ImageActs } from "./lesion-images";
import { useLesionName } from "./lesion-name";
import { useReadAnswers } from "./words";

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
  const { t: tt } = useTranslation("follow_up");
  const nameOf = useLesionName(patient.lesions);
  const [search, setSearch] = useSearchParams();
  const { patient_id: patientId } = patient;
  const lesionId = lesion.lesion_id;
  const surveys = patient.surveys.filter((each) => each.lesion_id === lesionId);
  const views = [
    {
      key: "images",
      name: t("lesion.images"),
      content: (
        <LesionImages
          patientId={patientId}
          lesion={lesion}
          acts={(imageId) => <ImageActs imageId={imageId} patient={patient} lesion={lesion} />}
        />
      ),
    },
    {
      key: "timeline",
      name: tt("timeline.title"),
      content: <TimelineView lesionId={lesionId} />,
    },
    {
      key: "histology",
      name: tt("histology.title"),
      content: <HistologyView lesion={lesion} surveys={surveys} />,
    },
    {
      key: "surveys",
      name: counted(surveys.length, t("patients.surveys", { returnObjects: true })),
      content: <Surveys surveys={surveys} />,
    },
  ];
  const asked = search.get("view");
  return (
    <Page
      title={nameOf(lesion)}
      above={
        <Link to={`/patients/${patientId}`}>
          ← {t(`sex.${patient.sex}`)}, {t("born", { year: patient.birth_year })}
        </Link>
      }
      aside={
        <div className="actions">
          <Link className="button" to={`/patients/${patientId}/lesions/${lesionId}/summary`}>
            {tt("summary.title")}
          </Link>
          <Link className="button" to={`/cases/new?patient=${patientId}&lesion=${lesionId}`}>
            {t("lesion.again")}
          </Link>
        </div>
      }
    >
      {lesion.note && <p className="measure">{lesion.note}</p>}
      <Views
        label={tt("views")}
        views={views}
        open={views.some(({ key }) => key === asked) ? (asked ?? undefined) : "images"}
        change={(key) => {
          const next = new URLSearchParams(search);
          if (key === "images") next.delete("view");
          else next.set("view", key);
          setSearch(next, { replace: true, preventScrollReset: true });
        }}
      />
    </Page>
  );
}

function Surveys({ surveys }: { surveys: readonly Survey[] }) {
  const { t } = useTranslation();
  if (surveys.length === 0) return <p className="hint">{t("lesion.noSurvey")}</p>;
  return surveys.map((survey, at) => (
    <ReadSurvey key={survey.survey_id} survey={survey} open={at === 0} />
  ));
}

function ReadSurvey({ survey, open }: { survey: Survey; open: boolean }) {
  const { t } = useTranslation();
  const { t: tt } = useTranslation("follow_up");
  const answers = useReadAnswers()(survey);
  return (
    <details open={open}>
      <summary>{t("lesion.survey", { date: day(survey.examined_on) })}</summary>
      <dl className="facts">
        {answers.map(({ key, name, said }) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
      <p>
        <Link className="button" to={`/patients/${survey.patient_id}/surveys/${survey.survey_id}`}>
          {tt("histology.correct")}
        </Link>
      </p>
    </details>
  );
}
