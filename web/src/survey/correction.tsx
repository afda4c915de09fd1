/** Correcting a survey: what was wrong is replaced, what stood there stays in the history. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { ask } from "../api/client";
import type { Field, Patient, Survey } from "../api/contract";
import { accountQuery, patientQuery, patientsQuery, vocabulariesQuery } from "../api/queries";
import { Page } from "../app/page";
import { day } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { type Answers, answersOf, type Filled, said } from "./answers";
import { Corrections } from "./corrections";
import {
  faultsByYear,
  faultsInAnswers,
  faultsSaid,
  faultsShown,
  nameOf,
  resolverOf,
} from "./faults";
import { SurveyFields } from "./fields";
import { surveyKey } from "./key";
import { useSentences } from "./sentences";
import { Summary } from "./summary";
import "./words";

export function CorrectionPage() {
  const { t } = useTranslation("survey");
  const common = useTranslation().t;
  const { patientId = "", survey: key = "" } = useParams();
  const patient = useQuery(patientQuery(patientId));
  const words = useQuery(vocabulariesQuery);
  const survey = patient.data?.surveys.find((each) => surveyKey(each) === key);
  const failed = [patient, words].find((query) => query.isError && !query.data);
  return (
    <Page
      title={survey ? t("correct.title", { date: day(survey.examined_on) }) : t("again")}
      above={<Link to={`/patients/${patientId}`}>← {common("patients.patient")}</Link>}
    >
      {failed && <Failure error={failed.error} retry={() => failed.refetch()} />}
      {!failed && (!patient.data || !words.data) && <Skeleton rows={8} />}
      {patient.data && words.data && !survey && <p>{t("correct.gone")}</p>}
      {patient.data && words.data && survey && (
        <CorrectionForm
          key={survey.survey_id}
          patient={patient.data}
          survey={survey}
          fields={words.data.fields}
        />
      )}
    </Page>
  );
}

interface Shown {
  patient: Patient;
  survey: Survey;
  fields: readonly Field[];
}

function CorrectionForm({ patient, survey, fields }: Shown) {
  const { t } = useTranslation("survey");
  const common = useTranslation().t;
  const say = useSentences();
  const kept = useQueryClient();
  const account = useQuery(accountQuery).data;
  const [attempts, setAttempts] = useState(0);
  const form = useForm<Filled>({
    defaultValues: filledFrom(fields, survey),
    mode: "onTouched",
    shouldFocusError: false,
    resolver: resolverOf(({ answers }) => ({
      ...faultsByYear(answers, patient.birth_year, { ...say, age: t("ageByYear") }),
      ...faultsInAnswers(fields, answers, say),
    })),
  });
  const changes = changed(fields, survey, useWatch({ control: form.control, name: "answers" }));
  const saving = useMutation({
    mutationFn: (body: Record<string, unknown>) =>
      ask<Survey>(`/surveys/${encodeURIComponent(survey.survey_id)}`, { method: "PATCH", body }),
    onSuccess: async (corrected) => {
      form.reset(filledFrom(fields, corrected));
      void kept.invalidateQueries({ queryKey: patientsQuery.queryKey });
      await kept.invalidateQueries({ queryKey: patientQuery(patient.patient_id).queryKey });
    },
    onError: (error) => {
      setAttempts((before) => before + 1);
      for (const [key, message] of Object.entries(faultsSaid(error))) {
        form.setError(nameOf(key), { type: "server", message });
      }
    },
  });
  const nothing = Object.keys(changes).length === 0;
  const faults = faultsShown(form.formState.errors);
  const refused = saving.isError || (attempts > 0 && Object.keys(faults).length > 0);
  return (
    <form
      className="survey"
      noValidate
      onSubmit={form.handleSubmit(
        () => saving.mutate(changes),
        () => setAttempts((before) => before + 1),
      )}
    >
      <p className="hint">{t("correct.why")}</p>
      {saving.isSuccess && nothing && (
        <p className="notice" role="status">
          {t("correct.saved")}
        </p>
      )}
      {refused && <Summary key={attempts} faults={faults} fields={fields} error={saving.error} />}
      <SurveyFields
        fields={fields}
        control={form.control}
        setValue={form.setValue}
        remarks={{ sex: "sex" in changes ? t("correct.sex") : undefined }}
      />
      <div className="survey-end">
        <Corrections survey={survey} fields={fields} own={account?.account_id} />
        <button type="submit" className="primary" disabled={nothing || saving.isPending}>
          {saving.isPending
            ? common("survey.busy")
            : t(nothing ? "correct.nothing" : "correct.submit")}
        </button>
      </div>
    </form>
  );
}

function filledFrom(fields: readonly Field[], survey: Survey): Filled {
  return {
    code: "",
    answers: answersOf(fields, survey),
    consent: { research: true, publication: false },
    spot: null,
  };
}

/** The answers that differ from the recorded ones, as the API takes them. */
export function changed(
  fields: readonly Field[],
  survey: Survey,
  answers: Answers,
): Record<string, unknown> {
  const before = answersOf(fields, survey);
  return Object.fromEntries(
    fields
      .map((field) => [field.key, said(field, answers), said(field, before)] as const)
      .filter(([, now, then]) => JSON.stringify(sorted(now)) !== JSON.stringify(sorted(then)))
      .map(([key, now]) => [key, now]),
  );
}

/** The order in which several answers were chosen says nothing. */
function sorted(answer: unknown): unknown {
  return Array.isArray(answer) ? [...answer].sort() : answer;
}
