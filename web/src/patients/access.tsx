/** A one-time code with which a patient opens an account, and a slip that says what to do with it. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { ask } from "../api/client";
import type { Schemas } from "../api/contract";
import { newKey } from "../api/idempotency";
import { accountQuery, patientQuery } from "../api/queries";
import { Page } from "../app/page";
import { moment } from "../language/format";
import { Failure } from "../ui/failure";
import { QrCode } from "../ui/qr";
import "./access.css";
import "./words";

type Given = Schemas["AccessAnswer"];

export function AccessPage() {
  const { t } = useTranslation("patients");
  const common = useTranslation().t;
  const { patientId = "" } = useParams();
  const patient = useQuery(patientQuery(patientId)).data;
  const giving = useMutation({
    mutationFn: () =>
      ask<Given>(`/patients/${encodeURIComponent(patientId)}/access`, {
        method: "POST",
        idempotencyKey: newKey(),
      }),
  });
  return (
    <Page
      title={t("access.title")}
      above={
        <Link to={`/patients/${patientId}`}>
          ←{" "}
          {patient
            ? `${common(`sex.${patient.sex}`)}, ${common("born", { year: patient.birth_year })}`
            : common("patients.patient")}
        </Link>
      }
    >
      <div className="no-print access-why">
        <p className="measure">{t("access.why")}</p>
        <p className="hint">{t(giving.data ? "access.once" : "access.again")}</p>
        {giving.isError && <Failure error={giving.error} />}
        <div className="actions">
          {giving.data && (
            <button type="button" className="primary" onClick={() => print()}>
              {t("access.print")}
            </button>
          )}
          <button
            type="button"
            className={giving.data ? undefined : "primary"}
            disabled={giving.isPending}
            onClick={() => giving.mutate()}
          >
            {giving.isPending ? common("busy") : t(giving.data ? "access.makeNew" : "access.make")}
          </button>
        </div>
      </div>
      {giving.data && <Slip key={giving.data.code} given={giving.data} />}
    </Page>
  );
}

function Slip({ given }: { given: Given }) {
  const { t } = useTranslation("patients");
  const clinic = useQuery(accountQuery).data?.clinic?.name;
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  const address = given.url.split("#")[0] ?? "";
  return (
    <section className="slip" tabIndex={-1} ref={box} aria-labelledby="slip-title">
      <h2 id="slip-title">{t("access.slipTitle")}</h2>
      {clinic && <p>{clinic}</p>}
      <p>{t("access.slipWhat")}</p>
      <div className="slip-code">
        <QrCode text={given.url} name={t("access.qr")} />
        <div>
          <p className="slip-name">{t("access.code")}</p>
          <p className="slip-letters" translate="no">
            {given.code.split("-").map((group, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two groups may be alike; they never move
              <span key={index}>{group}</span>
            ))}
          </p>
          <p>{t("access.until", { moment: moment(given.expires_at) })}</p>
        </div>
      </div>
      <ol className="slip-steps">
        <li>
          {t("access.step1")}{" "}
          {t("access.step1typed", { address: address.replace(/^https?:\/\//, "") })}
        </li>
        <li>{t("access.step2")}</li>
        <li>
          {t("access.step3")} <span className="slip-blank" />
        </li>
        <li>{t("access.step4")}</li>
      </ol>
      <p>{t("access.lost")}</p>
      <p className="slip-urgent">{t("access.urgent")}</p>
      <p>
        <small>{t("access.research")}</small>
      </p>
    </section>
  );
}
