/** Referring a patient to another clinic: what it will see, with the patient's consent. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import type { Patient, Schemas } from "../api/contract";
import { useRequestKeys } from "../api/idempotency";
import { accountQuery, patientQuery } from "../api/queries";
import { labelOf } from "../language";
import { Confirm } from "../ui/confirm";
import { useLesionName } from "./lesion-name";
import { clinicsQuery } from "./queries";
import { Reason } from "./reason";

/** The name of a clinic by its id; the id until the list is there. */
export function useClinicName(): (clinicId: string) => string {
  const clinics = useQuery(clinicsQuery).data?.items;
  const own = useQuery(accountQuery).data?.clinic;
  return (clinicId) => {
    if (own?.clinic_id === clinicId) return own.name;
    const found = clinics?.find((each) => each.clinic_id === clinicId);
    return found ? labelOf(found.name) : clinicId;
  };
}

export function Refer({ patient, close }: { patient: Patient; close: () => void }) {
  const { t } = useTranslation("patients");
  const kept = useQueryClient();
  const id = useId();
  const clinics = useQuery(clinicsQuery).data?.items;
  const keyFor = useRequestKeys();
  const [clinic, setClinic] = useState("");
  const [lesions, setLesions] = useState<readonly string[] | null>(null);
  const [consent, setConsent] = useState(false);
  const [reason, setReason] = useState("");

  async function offer() {
    const body = {
      clinic_id: clinic,
      consent,
      ...(lesions ? { lesion_ids: lesions } : {}),
      ...(reason.trim() ? { reason: reason.trim() } : {}),
    };
    await ask<Schemas["ReferralOffered"]>(
      `/patients/${encodeURIComponent(patient.patient_id)}/referrals`,
      { method: "POST", body, idempotencyKey: keyFor(body) },
    );
    void kept.invalidateQueries({ queryKey: ["referrals"] });
    await kept.invalidateQueries({ queryKey: patientQuery(patient.patient_id).queryKey });
  }

  return (
    <Confirm
      title={t("referral.title")}
      act={t("referral.offer")}
      perform={offer}
      close={close}
      blocked={!clinic || !consent || lesions?.length === 0}
    >
      <p>{t("referral.why")}</p>
      <div className="field">
        <label htmlFor={id}>{t("referral.clinic")}</label>
        <select id={id} value={clinic} onChange={(event) => setClinic(event.target.value)}>
          <option value="">{t("lesion.choose")}</option>
          {clinics?.map((each) => (
            <option key={each.clinic_id} value={each.clinic_id}>
              {labelOf(each.name)}, {each.city}
            </option>
          ))}
        </select>
        {clinics?.length === 0 && <p className="hint">{t("referral.noClinics")}</p>}
      </div>
      <Coverage patient={patient} lesions={lesions} change={setLesions} />
      <Reason
        reason={reason}
        change={setReason}
        label={t("referral.reason")}
        hint={t("lesion.noteHint")}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={consent}
          onChange={(event) => setConsent(event.target.checked)}
        />
        {t("referral.consent")}
      </label>
    </Confirm>
  );
}

interface Covers {
  patient: Patient;
  /** Null for all there are and will be. */
  lesions: readonly string[] | null;
  change: (lesions: readonly string[] | null) => void;
}

function Coverage({ patient, lesions, change }: Covers) {
  const { t } = useTranslation("patients");
  const name = useId();
  const nameOf = useLesionName(patient.lesions);
  return (
    <fieldset className="field">
      <legend>{t("referral.covers")}</legend>
      <div className="chips">
        <label className="chip">
          <input
            type="radio"
            name={name}
            checked={lesions === null}
            onChange={() => change(null)}
          />
          <span>{t("referral.all")}</span>
        </label>
        <label className="chip">
          <input type="radio" name={name} checked={lesions !== null} onChange={() => change([])} />
          <span>{t("referral.some")}</span>
        </label>
      </div>
      {lesions &&
        patient.lesions.map((lesion) => (
          <label key={lesion.lesion_id} className="check block">
            <input
              type="checkbox"
              checked={lesions.includes(lesion.lesion_id)}
              onChange={({ target }) => {
                const others = lesions.filter((each) => each !== lesion.lesion_id);
                change(target.checked ? [...others, lesion.lesion_id] : others);
              }}
            />
            {nameOf(lesion)}
          </label>
        ))}
    </fieldset>
  );
}
