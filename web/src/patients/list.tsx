/** The clinic's patients, the last seen first. They have no names: sex, year and visit tell them apart. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import type { PatientSummary } from "../api/contract";
import { patientsQuery } from "../api/queries";
import { Page } from "../app/page";
import { counted, day } from "../language/format";
import { Listed } from "../ui/listed";
import { Lookup } from "./lookup";
import "./patients.css";
import { useWaits, type Waits } from "./waiting";
import "./words";

export function PatientList() {
  const { t } = useTranslation();
  const own = useTranslation("patients").t;
  const first = useInfiniteQuery(patientsQuery).data?.pages[0];
  const said = (useLocation().state as { said?: string } | null)?.said;
  const empty = first?.items.length === 0;
  return (
    <Page
      title={t("patients.title")}
      aside={
        !empty && (
          <Link className="button primary" to="/cases/new">
            {t("patients.newCase")}
          </Link>
        )
      }
    >
      {said && (
        <p className="notice" role="status">
          {said}
        </p>
      )}
      {!empty && <Lookup />}
      <Listed
        query={patientsQuery}
        empty={
          <section className="first-patient">
            <h2>{own("list.firstTitle")}</h2>
            <p>{own("list.firstWhy")}</p>
            <Lookup first />
          </section>
        }
      >
        {(patients) => <Table patients={patients} />}
      </Listed>
    </Page>
  );
}

function Table({ patients }: { patients: readonly PatientSummary[] }) {
  const { t } = useTranslation();
  const own = useTranslation("patients").t;
  const waitsOf = useWaits();
  return (
    <table className="list">
      <caption className="unseen">{own("list.newest")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("patients.patient")}</th>
          <th scope="col">{own("list.waits")}</th>
          <th scope="col">{t("patients.lastVisit")}</th>
          <th scope="col">{t("patients.firstVisit")}</th>
          <th scope="col">{t("patients.id")}</th>
        </tr>
      </thead>
      <tbody>
        {patients.map((patient) => (
          <tr key={patient.patient_id}>
            <th scope="row">
              <Link to={`/patients/${patient.patient_id}`}>
                {t(`sex.${patient.sex}`)}, {t("born", { year: patient.birth_year })}
              </Link>
              {patient.referred && <small className="mark">{own("list.referred")}</small>}
            </th>
            <WaitsCell name={own("list.waits")} waits={waitsOf(patient.patient_id)} />
            <td data-name={t("patients.lastVisit")}>
              {patient.last_visit ? day(patient.last_visit) : "—"}
            </td>
            <td data-name={t("patients.firstVisit")}>
              {patient.first_visit ? day(patient.first_visit) : "—"}
            </td>
            <td data-name={t("patients.id")}>
              <code>{patient.patient_id.slice(-6)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function WaitsCell({ name, waits: { questions, histology } }: { name: string; waits: Waits }) {
  const { t } = useTranslation("patients");
  if (questions.length + histology.length === 0) return <td className="nothing" />;
  return (
    <td data-name={name}>
      <span className="marks">
        {questions.length > 0 && (
          <span className="mark strong">
            {counted(questions.length, t("list.question", { returnObjects: true }))}
            {questions.some((each) => each.overdue) && `, ${t("list.questionOverdue")}`}
          </span>
        )}
        {histology.length > 0 && (
          <span className="mark">
            {t(histology.some((each) => each.overdue) ? "list.histologyOverdue" : "list.histology")}
          </span>
        )}
      </span>
    </td>
  );
}
