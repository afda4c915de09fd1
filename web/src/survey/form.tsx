/** A new survey: whose it is, its answers, the consent. */
import { useEffect, useMemo, useState } from "react";
import { type Control, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Field, Patient } from "../api/contract";
import { type Filled, firstAnswers, type Whose } from "./answers";
import { ageOn, birthOf } from "./code";
import { CodeField } from "./code-field";
import { ConsentFields } from "./consent-fields";
import { dropDraft, keepDraft, readDraft } from "./draft";
import { faultsIn, faultsSaid, faultsShown, nameOf, resolverOf } from "./faults";
import { SurveyFields } from "./fields";
import { forget, handedOver } from "./handover";
import { SamePerson } from "./same-person";
import { useSentences } from "./sentences";
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
  const say = useSentences();
  const known: Whose = { patient: patient?.patient_id, lesion: lesionId };
  const about = `${known.patient ?? ""} ${known.lesion ?? ""}`;
  const blank = useMemo(() => blankFor(fields, patient, lesionId), [fields, patient, lesionId]);
  const [draft, setDraft] = useState(() => readDraft(account, about));
  const form = useForm<Filled>({
    defaultValues: {
      ...blank,
      ...draft,
      answers: { ...blank.answers, ...draft?.answers },
      code: handedOver(),
    },
    mode: "onTouched",
    shouldFocusError: false,
    resolver: resolverOf((filled) => faultsIn(fields, filled, say)),
  });
  const { control, subscribe } = form;
  // Read in each rendering: the form tells of errors only to who has read them.
  const { errors } = form.formState;
  const submission = useSubmission(fields);
  const reckoned = useReckonedAge(control);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with the code that was handed over
  useEffect(() => {
    forget();
    takeAge(form.getValues("code"));
  }, []);
  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ values: { answers, consent, spot } }) =>
          keepDraft({ account, about, answers, consent, spot }),
      }),
    [subscribe, account, about],
  );

  /** A code gives the age; a doctor who typed another is not corrected behind his back. */
  function takeAge(code: string) {
    const birth = birthOf(code);
    if (!birth) return;
    const { age, examined_on: examined } = form.getValues("answers");
    const found = ageOn(birth, String(examined ?? ""));
    if (found !== null && !age) {
      form.setValue("answers.age", String(found), { shouldValidate: true });
    } else if (age) {
      void form.trigger("answers.age");
    }
  }

  async function send(filled: Filled, whose: Whose) {
    const error = await submission.send(filled, whose);
    for (const [key, message] of Object.entries(faultsSaid(error))) {
      form.setError(nameOf(key), { type: "server", message });
    }
  }

  function clear() {
    form.reset(blank);
    dropDraft();
    setDraft(null);
  }

  return (
    <form
      className="survey"
      onSubmit={form.handleSubmit(
        (filled) => send(filled, known),
        () => submission.refuse(),
      )}
      noValidate
    >
      {draft && (
        <p className="notice" role="status">
          {t("survey.draft")}{" "}
          <button type="button" className="link" onClick={clear}>
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
          faults={faultsShown(errors)}
          fields={fields}
          error={submission.error}
        />
      )}
      {submission.candidates && (
        <SamePerson
          candidates={submission.candidates}
          busy={submission.busy}
          choose={(whose) => void send(form.getValues(), whose)}
        />
      )}
      <CodeField control={control} typed={takeAge} />
      <SurveyFields
        fields={fields}
        control={control}
        setValue={form.setValue}
        remarks={{
          age: reckoned === null ? undefined : t("survey.ageByCode", { age: reckoned }),
        }}
        places={lesionId === undefined}
      />
      <div className="survey-end">
        <ConsentFields control={control} />
        <button type="submit" className="primary" disabled={submission.busy}>
          {submission.busy ? t("survey.busy") : t("survey.submit")}
        </button>
      </div>
    </form>
  );
}

function blankFor(fields: readonly Field[], patient?: Patient, lesionId?: string): Filled {
  return {
    code: "",
    answers: firstAnswers(fields, patient, lesionId),
    consent: { research: false, publication: patient?.consent.publication ?? false },
    spot: null,
  };
}

function useReckonedAge(control: Control<Filled>): number | null {
  const [code, examined] = useWatch({ control, name: ["code", "answers.examined_on"] });
  const birth = birthOf(code);
  return birth && ageOn(birth, String(examined ?? ""));
}
