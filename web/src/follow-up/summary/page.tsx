/** One lesion on one page of paper, for the patient's record: what is known of it and how sure it is. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { Lesion, Patient } from "../../api/contract";
import { patientQuery } from "../../api/queries";
import { Page } from "../../app/page";
import { day, today } from "../../language/format";
import { useLesionName } from "../../patients/lesion-name";
import { useReadAnswers } from "../../patients/words";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { histologyQuery, timelineQuery } from "../queries";
import "../words";
import "../timeline/timeline.css";
import "./summary.css";
import { Course, Found, Opinions } from "./parts";
import { Pictures } from "./pictures";

export function SummaryPage() {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const { patientId = "", lesionId = "" } = useParams();
  const query = useQuery(patientQuery(patientId));
  const timeline = useQuery(timelineQuery(lesionId));
  const histology = useQuery(histologyQuery(lesionId));
  const lesion = query.data?.lesions.find((each) => each.lesion_id === lesionId);
  const failed = [query, timeline, histology].find((each) => each.isError && !each.data);
  const ready = query.data && timeline.data && histology.data;
  return (
    <Page
      title={t("summary.title")}
      above={
        <Link to={`/patients/${patientId}/lesions/${lesionId}`}>← {t("summary.toLesion")}</Link>
      }
      aside={
        ready && (
          <button type="button" className="primary" onClick={() => print()}>
            {t("summary.print")}
          </button>
        )
      }
    >
      {failed && <Failure error={failed.error} retry={() => failed.refetch()} />}
      {!failed && !ready && <Skeleton rows={1} shape="tile" />}
      {query.data && !lesion && <p>{common("lesion.gone")}</p>}
      {ready && lesion && (
        <article className="case-sheet" aria-label={t("summary.title")}>
          <Head patient={query.data} lesion={lesion} />
          <Pictures images={timeline.data.images} renew={() => void timeline.refetch()} />
          <div className="sheet-columns">
            <div>
              <Opinions images={timeline.data.images} />
              <Found histology={histology.data} />
            </div>
            <div>
              <Course timeline={timeline.data} />
            </div>
          </div>
          <Answers patient={query.data} lesion={lesion} />
          <footer>
            <strong>{t("summary.notADiagnosis")}</strong> {common("research")}
          </footer>
        </article>
      )}
    </Page>
  );
}

interface Of {
  patient: Patient;
  lesion: Lesion;
}

function Head({ patient, lesion }: Of) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const nameOf = useLesionName(patient.lesions);
  return (
    <header>
      <div>
        <p className="sheet-name">
          {common("product")} · {t("summary.title")}
        </p>
        <h2>{nameOf(lesion)}</h2>
        <p>
          {common(`sex.${patient.sex}`)}, {common("born", { year: patient.birth_year })}
          {lesion.note && `. ${lesion.note}`}
        </p>
      </div>
      <dl>
        <div>
          <dt>{t("summary.patient")}</dt>
          <dd>
            <code>{patient.patient_id}</code>
          </dd>
        </div>
        <div>
          <dt>{t("summary.lesion")}</dt>
          <dd>
            <code>{lesion.lesion_id}</code>
          </dd>
        </div>
        <div>
          <dt>{t("summary.made")}</dt>
          <dd>{day(today())}</dd>
        </div>
      </dl>
    </header>
  );
}

/** The latest survey in which the lesion was described. */
function Answers({ patient, lesion }: Of) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const read = useReadAnswers();
  const latest = patient.surveys.find((each) => each.lesion_id === lesion.lesion_id);
  if (!latest) {
    return (
      <section>
        <h3>{t("summary.survey")}</h3>
        <p>{common("lesion.noSurvey")}</p>
      </section>
    );
  }
  return (
    <section className="sheet-survey">
      <h3>{t("summary.surveyOf", { date: day(latest.examined_on) })}</h3>
      <dl>
        {read(latest)
          .filter(({ key }) => key !== "examined_on" && key !== "sex" && key !== "site")
          .map(({ key, name, said }) => (
            <div key={key}>
              <dt>{name}</dt>
              <dd>{said}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
