/** One patient: who he is, what waits, the lesions on the body and in tiles, and what can be done. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { Patient } from "../api/contract";
import { patientQuery } from "../api/queries";
import { Page } from "../app/page";
import { Failure } from "../ui/failure";
import { ActsMenu } from "../ui/menu";
import { Skeleton } from "../ui/skeleton";
import { Facts, Referrals } from "./facts";
import { Lesions } from "./lesions";
import { MergePatients } from "./merging";
import { NewLesion } from "./new-lesion";
import "./patients.css";
import { Refer } from "./referring";
import { Withdraw } from "./withdrawing";
import "./words";

export function PatientPage() {
  const { t } = useTranslation();
  const { patientId = "" } = useParams();
  const query = useQuery(patientQuery(patientId));
  const back = <Link to="/patients">← {t("patients.title")}</Link>;
  if (!query.data) {
    return (
      <Page title={t("patients.patient")} above={back}>
        {query.isPending ? (
          <Skeleton />
        ) : (
          <Failure error={query.error} retry={() => query.refetch()} />
        )}
      </Page>
    );
  }
  const patient = query.data;
  return (
    <Page
      title={`${t(`sex.${patient.sex}`)}, ${t("born", { year: patient.birth_year })}`}
      above={back}
      aside={<Acts patient={patient} />}
    >
      <Facts patient={patient} />
      <Lesions patient={patient} />
      <Referrals patient={patient} />
    </Page>
  );
}

type Opened = "lesion" | "refer" | "merge" | "withdraw";

function Acts({ patient }: { patient: Patient }) {
  const { t } = useTranslation();
  const own = useTranslation("patients").t;
  const [open, setOpen] = useState<Opened | null>(null);
  const close = () => setOpen(null);
  const windows: Record<Opened, ReactNode> = {
    lesion: <NewLesion patientId={patient.patient_id} close={close} />,
    refer: <Refer patient={patient} close={close} />,
    merge: <MergePatients patient={patient} close={close} />,
    withdraw: <Withdraw patient={patient} close={close} />,
  };
  const act = (key: Opened, name: string) => ({ key, name, perform: () => setOpen(key) });
  return (
    <div className="actions">
      <Link className="button primary" to={`/cases/new?patient=${patient.patient_id}`}>
        {t("patients.newLesion")}
      </Link>
      {/* Another clinic's patient: what changes him as a whole is his own clinic's to do. */}
      {!patient.referred && (
        <Link className="button" to={`/patients/${patient.patient_id}/access`}>
          {own("access.act")}
        </Link>
      )}
      {!patient.referred && (
        <ActsMenu
          name={own("more")}
          acts={[
            act("lesion", own("lesion.addOnly")),
            act("refer", own("referral.act")),
            act("merge", own("merge.patientsAct")),
            act("withdraw", own("consent.act")),
          ]}
        />
      )}
      {open && windows[open]}
    </div>
  );
}
