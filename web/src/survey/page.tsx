/** The whole survey of one examination on one screen, in the paper form's order. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { accountQuery, patientQuery, vocabulariesQuery } from "../api/queries";
import { Page } from "../app/page";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { SurveyForm } from "./form";
import "./words";

export function SurveyPage() {
  const { t } = useTranslation();
  const survey = useTranslation("survey").t;
  const [parameters] = useSearchParams();
  const patientId = parameters.get("patient") ?? undefined;
  const lesionId = parameters.get("lesion") ?? undefined;
  const account = useQuery(accountQuery);
  const words = useQuery(vocabulariesQuery);
  const patient = useQuery({ ...patientQuery(patientId ?? ""), enabled: patientId !== undefined });
  const failed = [account, words, ...(patientId ? [patient] : [])].find((query) => query.isError);
  const ready = account.data && words.data && (!patientId || patient.data);
  return (
    <Page
      title={survey(lesionId ? "again" : patientId ? "newLesion" : "newPatient")}
      above={patientId && <Link to={`/patients/${patientId}`}>← {t("patients.patient")}</Link>}
    >
      {failed && !ready && <Failure error={failed.error} retry={() => failed.refetch()} />}
      {!failed && !ready && <Skeleton rows={8} />}
      {account.data && words.data && ready && (
        <SurveyForm
          key={`${patientId} ${lesionId}`}
          account={account.data.account_id}
          fields={words.data.fields}
          patient={patient.data}
          lesionId={lesionId}
        />
      )}
    </Page>
  );
}
