/** The surveys of one lesion, each to be read and corrected. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Lesion, Patient } from "../api/contract";
import { day } from "../language/format";
import { surveyKey } from "../survey/key";
import { Window } from "../ui/dialog";

interface Shown {
  patient: Patient;
  lesion: Lesion;
  close: () => void;
}

export function LesionSurveys({ patient, lesion, close }: Shown) {
  const { t } = useTranslation("patients");
  const common = useTranslation().t;
  const surveys = patient.surveys.filter((each) => each.lesion_id === lesion.lesion_id);
  return (
    <Window title={t("lesion.surveysTitle")} close={close}>
      {surveys.length === 0 && <p>{t("lesion.noSurveys")}</p>}
      <ul className="rows">
        {surveys.map((survey) => (
          <li key={survey.survey_id}>
            <Link to={`/patients/${patient.patient_id}/surveys/${surveyKey(survey)}`}>
              {t("lesion.surveyOf", { date: day(survey.examined_on) })}
            </Link>
            {survey.history.length > 0 && <small>{t("lesion.surveyCorrected")}</small>}
          </li>
        ))}
      </ul>
      <p>
        <Link
          className="button"
          to={`/cases/new?patient=${patient.patient_id}&lesion=${lesion.lesion_id}`}
        >
          {common("lesion.again")}
        </Link>
      </p>
    </Window>
  );
}
