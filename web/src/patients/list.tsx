/** The clinic's patients, the last seen first. They have no names: sex, year and visit tell them apart. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { PatientSummary } from "../api/contract";
import { patientsQuery } from "../api/queries";
import { Page } from "../app/page";
import { day } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { Lookup } from "./lookup";

export function PatientList() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(patientsQuery);
  const patients = list.data?.pages.flatMap((page) => page.items) ?? [];
  const empty = list.data !== undefined && patients.length === 0;
  return (
    <Page
      title={t("patients.title")}
      aside={
        <Link className="button primary" to="/cases/new">
          {t("patients.newCase")}
        </Link>
      }
    >
      {!empty && <Lookup />}
      {list.isPending && <Skeleton rows={6} />}
      {empty && (
        <div className="empty">
          <h2>{t("patients.empty")}</h2>
          <p>{t("patients.emptyWhy")}</p>
        </div>
      )}
      {patients.length > 0 && <Table patients={patients} />}
      {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
      {list.hasNextPage && (
        <button type="button" disabled={list.isFetching} onClick={() => void list.fetchNextPage()}>
          {list.isFetchingNextPage ? t("loading") : t("showMore")}
        </button>
      )}
    </Page>
  );
}

function Table({ patients }: { patients: readonly PatientSummary[] }) {
  const { t } = useTranslation();
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("patients.patient")}</th>
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
            </th>
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
