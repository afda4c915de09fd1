import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Field, Patient } from "../api/contract";
import { type Answer, type Filled, firstAnswers, type Whose } from "./answers";
import { ageOn, birthOf } from "./code";
import { dropDraft, keepDraft, readDraft } from "./draft";
import { CODE, CONSENT, type Faults, faultsIn, faultsSaid } from "./faults";
import { Fault, FieldControl } from "./field-control";
import { SamePerson } from "./same-person";
import { useSubmission } from "./submission";
import { Summary } from "./summary";

interface Shown {
  account: string;
  fields: readonly Field[];
  patient: Patient | undefined;
  lesionId: string | undefined;
}

export function SurveyForm({ account, fields, patient, lesionId }: Shown) {
  const { t } = useTranslation();
  const known: Whose = { patient: patient?.patient_id, lesion: lesionId };
  const about = `${known.patient ?? ""} ${known.lesion ?? ""}`;
  const blank = useMemo(
    (): Filled => ({
      code: "",
      answers: firstAnswers(patient, lesionId),
      consent: { research: false, publication: patient?.consent.publication ?? false },
    }),
    [patient, lesionId],
  );
  const [draft, setDraft] = useState(() => readDraft(account, about));
  const [filled, setFilled] = useState<Filled>(() => ({ ...blank, ...draft, code: "" }));
  const [faults, setFaults] = useState<Faults>({});
  const codeField = useRef<HTMLInputElement>(null);
  const submission = useSubmission(fields);

  useEffect(() => codeField.current?.focus(), []);
  useEffect(() => {
    if (filled.answers !== blank.answers && !submission.done) {
      keepDraft({ account, about, answers: filled.answers, consent: filled.consent });
    }
  }, [account, about, blank, filled, submission.done]);

  const birth = birthOf(filled.code);
  const reckoned = birth && ageOn(birth, String(filled.answers.examined_on ?? ""));

  function change(key: string, answer: Answer) {
    setFilled((before) => ({ ...before, answers: { ...before.answers, [key]: answer } }));
    forgive(key);
  }

  function forgive(key: string) {
    setFaults(({ [key]: _, ...others }) => others);
  }

  function changeCode(code: string) {
    forgive(CODE);
    setFilled((before) => {
      const born = birthOf(code);
      const age = born && ageOn(born, String(before.answers.examined_on ?? ""));
      // A code gives the age; a doctor who typed another is not corrected behind his back.
      const takes = age !== null && !before.answers.age;
      return {
        ...before,
        code,
        answers: takes ? { ...before.answers, age: String(age) } : before.answers,
      };
    });
  }

  async function send(whose: Whose) {
    const found = faultsIn(fields, filled, {
      missing: t("survey.missing"),
      codeShape: t("survey.codeShape"),
      consentMissing: t("survey.consentMissing"),
    });
    submission.forget();
    setFaults(found);
    if (Object.keys(found).length > 0) return submission.refuse();
    const error = await submission.send(filled, whose);
    if (error) setFaults(faultsSaid(error));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void send(known);
  }

  return (
    <form className="survey" onSubmit={submit} noValidate>
      {draft && (
        <p className="notice" role="status">
          {t("survey.draft")}{" "}
          <button
            type="button"
            className="link"
            onClick={() => {
              dropDraft();
              setDraft(null);
              setFilled(blank);
            }}
          >
            {t("survey.clear")}
          </button>
        </p>
      )}
      {patient && !draft && patient.surveys.length > 0 && (
        <p className="hint">{t("survey.prefilled")}</p>
      )}
      {submission.refused && (
        <Summary
          key={submission.attempts}
          faults={faults}
          fields={fields}
          error={submission.error}
        />
      )}
      {submission.candidates && (
        <SamePerson
          candidates={submission.candidates}
          busy={submission.busy}
          choose={(whose) => void send(whose)}
        />
      )}
      <div className="field survey-code">
        <label htmlFor={`field-${CODE}`}>{t("survey.patientCode")}</label>
        <Fault id="fault-code" text={faults[CODE]} />
        <div className="beside">
          <input
            id={`field-${CODE}`}
            ref={codeField}
            className="code"
            inputMode="numeric"
            autoComplete="off"
            maxLength={20}
            value={filled.code}
            aria-invalid={faults[CODE] ? true : undefined}
            aria-describedby="fault-code hint-code"
            onChange={(event) => changeCode(event.target.value)}
          />
          <span className="hint" id="hint-code">
            {t("survey.patientCodeHint")}
          </span>
        </div>
      </div>
      <div className="survey-fields">
        {fields.map((field) => (
          <FieldControl
            key={field.key}
            field={field}
            answer={filled.answers[field.key]}
            fault={faults[field.key]}
            remark={
              field.key === "age" && reckoned !== null
                ? t("survey.ageByCode", { age: reckoned })
                : undefined
            }
            change={(answer) => change(field.key, answer)}
          />
        ))}
      </div>
      <div className="survey-end">
        <fieldset className="field" id={`field-${CONSENT}`} aria-describedby="fault-consent">
          <legend>{t("survey.consent")}</legend>
          <Fault id="fault-consent" text={faults[CONSENT]} />
          <label className="check">
            <input
              type="checkbox"
              checked={filled.consent.research}
              aria-invalid={faults[CONSENT] ? true : undefined}
              onChange={({ target }) => {
                forgive(CONSENT);
                setFilled({ ...filled, consent: { ...filled.consent, research: target.checked } });
              }}
            />
            {t("survey.consentResearch")}
          </label>
          <label className="check">
            <input
              type="checkbox"
              checked={filled.consent.publication}
              onChange={({ target }) =>
                setFilled({
                  ...filled,
                  consent: { ...filled.consent, publication: target.checked },
                })
              }
            />
            {t("survey.consentPublication")}
          </label>
        </fieldset>
        <button type="submit" className="primary" disabled={submission.busy}>
          {submission.busy ? t("survey.busy") : t("survey.submit")}
        </button>
      </div>
    </form>
  );
}
