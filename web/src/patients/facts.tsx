/** What is known of a patient as a whole, what waits for the doctor, and who else sees him. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Patient } from "../api/contract";
import { counted, day, deadline } from "../language/format";
import { ReferralActs } from "./referral-acts";
import { useClinicName } from "./referring";
import { useWaits } from "./waiting";
import { useChoiceName } from "./words";

export function Facts({ patient }: { patient: Patient }) {
  const { t } = useTranslation();
  const { consent } = patient;
  return (
    <>
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
      <WaitingHere patient={patient} />
    </>
  );
}

function WaitingHere({ patient }: { patient: Patient }) {
  const { t } = useTranslation("patients");
  const nameOf = useChoiceName();
  const { questions, histology } = useWaits()(patient.patient_id);
  if (questions.length + histology.length === 0) return null;
  return (
    <section className="notice" aria-labelledby="waiting-here">
      <h2 id="waiting-here">{t("waits.title")}</h2>
      <ul>
        {questions.map((each) => (
          <li key={each.question_id}>
            <Link to={`/questions/${each.question_id}`}>
              {t(each.overdue ? "waits.questionOverdue" : "waits.question", {
                site: nameOf("site", each.site),
                until: deadline(each.answer_by),
              })}
            </Link>
          </li>
        ))}
        {histology.map((each) => (
          <li key={each.survey_id}>
            <Link to={`/patients/${patient.patient_id}/lesions/${each.lesion_id}`}>
              {t("waits.histology", {
                site: nameOf("site", each.site),
                days:
                  each.waiting_days > 0
                    ? counted(each.waiting_days, t("waits.days", { returnObjects: true }))
                    : t("waits.today"),
              })}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** By which another clinic sees something of him, or this one does. */
export function Referrals({ patient }: { patient: Patient }) {
  const { t } = useTranslation("patients");
  const clinicName = useClinicName();
  if (patient.referrals.length === 0) return null;
  return (
    <section aria-labelledby="referrals-here">
      <h2 id="referrals-here">{t("referral.list")}</h2>
      <ul className="rows">
        {patient.referrals.map((each) => (
          <li key={each.referral_id}>
            <div className="grow">
              {patient.referred
                ? t("referral.from", { clinic: clinicName(each.from_clinic_id) })
                : t("referral.to", { clinic: clinicName(each.to_clinic_id) })}
              <small className="block">
                {t(`referral.states.${each.state}`)} ·{" "}
                {each.all_lesions
                  ? t("referral.all")
                  : counted(
                      each.lesion_ids.length,
                      t("merge.lesionsCount", { returnObjects: true }),
                    )}
              </small>
            </div>
            <ReferralActs
              referralId={each.referral_id}
              state={each.state}
              direction={patient.referred ? "in" : "out"}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
