/** Registering a version of a service: what it tells, and what is claimed of it. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { FormProvider, useForm, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { Refusal } from "../api/errors";
import { useRequestKeys } from "../api/idempotency";
import { queryClient } from "../api/queries";
import { Page } from "../app/page";
import { Failure } from "../ui/failure";
import { type AlgorithmDraft, algorithmForm, EMPTY } from "./algorithm-draft";
import { useDiagnoses } from "./diagnoses";
import { FaultsContext, Line, Ticks } from "./inputs";
import { algorithmsQuery, register } from "./queries";
import "./words";
import "../styles/parts.css";
import "./evaluation.css";

export function NewAlgorithm() {
  const { t } = useTranslation("evaluation");
  const navigate = useNavigate();
  const form = useForm<AlgorithmDraft>({ defaultValues: EMPTY });
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const keyFor = useRequestKeys();
  const registering = useMutation({
    mutationFn: (draft: AlgorithmDraft) => {
      const body = algorithmForm(draft);
      return register(body, keyFor(body));
    },
    onSuccess: async ({ algorithm_id }) => {
      await queryClient.invalidateQueries({ queryKey: algorithmsQuery.queryKey });
      void navigate(`/algorithms/${algorithm_id}`);
    },
    onError: (error) => setFaults(error instanceof Refusal ? error.fields : {}),
  });
  const whole = Object.entries(faults).filter(([path]) => path === "body" || path === "");
  return (
    <Page
      title={t("algorithm.registerTitle")}
      above={<Link to="/algorithms">{t("algorithm.back")}</Link>}
    >
      <p className="hint measure">{t("algorithm.settled")}</p>
      <FormProvider {...form}>
        <FaultsContext value={faults}>
          <form
            className="algorithm-form"
            noValidate
            onSubmit={form.handleSubmit((draft) => {
              setFaults({});
              registering.mutate(draft);
            })}
          >
            <About />
            <Classes />
            <ClaimFields />
            {Object.keys(faults).length > 0 && (
              <section className="failure" role="alert">
                <h2>{t("algorithm.faults")}</h2>
                {whole.map(([path, sentence]) => (
                  <p key={path}>{sentence}</p>
                ))}
              </section>
            )}
            {registering.isError && Object.keys(faults).length === 0 && (
              <Failure error={registering.error} />
            )}
            <div>
              <button type="submit" className="primary" disabled={registering.isPending}>
                {t("algorithm.submit")}
              </button>
            </div>
          </form>
        </FaultsContext>
      </FormProvider>
    </Page>
  );
}

function About() {
  const { t } = useTranslation("evaluation");
  return (
    <>
      <div className="form-line">
        <Line path="name" label={t("algorithm.name")} hint={t("algorithm.nameHint")} />
        <Line path="version" label={t("algorithm.version")} hint={t("algorithm.versionHint")} />
        <Line path="vendor" label={t("algorithm.vendor")} hint={t("algorithm.vendorHint")} />
      </div>
      <div className="form-line">
        <Line
          path="description.ru"
          label={`${t("algorithm.about")}, ${t("algorithm.inRussian")}`}
          rows={2}
        />
        <Line
          path="description.en"
          label={`${t("algorithm.about")}, ${t("algorithm.inEnglish")}`}
          rows={2}
        />
      </div>
    </>
  );
}

function Classes() {
  const { t } = useTranslation("evaluation");
  const { keys, nameOf } = useDiagnoses();
  const { watch } = useFormContext<AlgorithmDraft>();
  const chosen = keys.filter((key) => watch("classes").includes(key));
  return (
    <>
      <Ticks
        path="classes"
        label={t("algorithm.classes")}
        hint={t("algorithm.classesHint")}
        choices={keys.map((key) => ({ key, name: nameOf(key) }))}
      />
      <Ticks
        path="positive"
        label={t("algorithm.positive")}
        hint={t(chosen.length > 0 ? "algorithm.positiveHint" : "algorithm.chooseClasses")}
        choices={chosen.map((key) => ({ key, name: nameOf(key) }))}
      />
    </>
  );
}

function ClaimFields() {
  const { t } = useTranslation("evaluation");
  const { keys, nameOf } = useDiagnoses();
  const { watch } = useFormContext<AlgorithmDraft>();
  const chosen = keys.filter((key) => watch("classes").includes(key));
  return (
    <fieldset className="claims">
      <legend>
        {t("algorithm.claims")} <small>{t("algorithm.claimsHint")}</small>
      </legend>
      <div className="form-line">
        <Line path="claimed.auc" label={t("algorithm.auc")} number />
        <Line path="claimed.sensitivity" label={t("algorithm.sensitivity")} number />
        <Line path="claimed.specificity" label={t("algorithm.specificity")} number />
        <Line
          path="claimed.threshold"
          label={t("algorithm.threshold")}
          hint={t("algorithm.thresholdHint")}
          number
        />
        <Line path="claimed.seconds" label={t("algorithm.seconds")} number />
      </div>
      {chosen.length > 0 && (
        <details>
          <summary>{t("algorithm.byClass")}</summary>
          <p className="hint">{t("algorithm.byClassHint")}</p>
          <div className="form-line">
            {chosen.map((key) => (
              <Line key={key} path={`claimed.by_class.${key}`} label={nameOf(key)} number />
            ))}
          </div>
        </details>
      )}
      <details>
        <summary>{t("algorithm.model")}</summary>
        <Line path="model_sha256" label={t("algorithm.model")} hint={t("algorithm.modelHint")} />
      </details>
    </fieldset>
  );
}
