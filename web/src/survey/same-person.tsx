/** The clinic knows the code: the doctor says whether it is the same person. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Candidate } from "../api/contract";
import { day } from "../language/format";
import type { Whose } from "./answers";

interface Shown {
  candidates: readonly Candidate[];
  busy: boolean;
  choose: (whose: Whose) => void;
}

export function SamePerson({ candidates, busy, choose }: Shown) {
  const { t } = useTranslation();
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section className="notice question" role="alert" tabIndex={-1} ref={box}>
      <h2>{t("survey.samePerson")}</h2>
      <p>{t("survey.samePersonWhy")}</p>
      <ul className="rows">
        {candidates.map((candidate) => (
          <li key={candidate.patient_id}>
            <span>
              {t(`sex.${candidate.sex}`)}, {t("born", { year: candidate.birth_year })}
              <br />
              <small>
                {candidate.last_visit
                  ? t("survey.lastVisit", { date: day(candidate.last_visit) })
                  : t("patients.lastVisitUnknown")}
              </small>
            </span>
            <button
              type="button"
              disabled={busy}
              onClick={() => choose({ patient: candidate.patient_id })}
            >
              {t("survey.isSame")}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" disabled={busy} onClick={() => choose({ newPatient: true })}>
        {t("survey.isAnother")}
      </button>
    </section>
  );
}
