/** One lesion, or one patient, recorded twice: which record stays, and why they are one. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import type { Candidate, Lesion, Patient, PatientFound } from "../api/contract";
import { Refusal } from "../api/errors";
import { patientQuery, patientsQuery } from "../api/queries";
import { counted, day } from "../language/format";
import { birthOf, digits } from "../survey/code";
import { Confirm } from "../ui/confirm";
import { useSentence } from "../ui/failure";
import { useLesionName } from "./lesion-name";
import { candidatesOf } from "./lookup";
import { Reason } from "./reason";

interface OfLesions {
  patient: Patient;
  lesion: Lesion;
  close: () => void;
}

export function MergeLesions({ patient, lesion, close }: OfLesions) {
  const { t } = useTranslation("patients");
  const kept = useQueryClient();
  const id = useId();
  const nameOf = useLesionName(patient.lesions);
  // Those of the same site come first: others cannot be the same one before a survey is corrected.
  const others = patient.lesions
    .filter((each) => each.lesion_id !== lesion.lesion_id)
    .sort((a, b) => Number(b.site === lesion.site) - Number(a.site === lesion.site));
  const [into, setInto] = useState(others[0]?.lesion_id ?? "");
  const [reason, setReason] = useState("");

  async function merge() {
    await ask("/lesions/merge", {
      method: "POST",
      body: { lesion_id: into, duplicate_id: lesion.lesion_id, reason: reason.trim() },
    });
    await kept.invalidateQueries({ queryKey: patientQuery(patient.patient_id).queryKey });
  }

  return (
    <Confirm
      title={t("merge.lesionsTitle")}
      act={t("merge.lesions")}
      perform={merge}
      close={close}
      blocked={!into || !reason.trim()}
    >
      <p>{t("merge.lesionsWhy")}</p>
      <p>{nameOf(lesion)}</p>
      <div className="field">
        <label htmlFor={id}>{t("merge.into")}</label>
        <select id={id} value={into} onChange={(event) => setInto(event.target.value)}>
          {others.map((each) => (
            <option key={each.lesion_id} value={each.lesion_id}>
              {nameOf(each)}
            </option>
          ))}
        </select>
      </div>
      <Reason reason={reason} change={setReason} />
    </Confirm>
  );
}

export function MergePatients({ patient, close }: { patient: Patient; close: () => void }) {
  const { t } = useTranslation("patients");
  const kept = useQueryClient();
  const [other, setOther] = useState<string | null>(null);
  const [reason, setReason] = useState("");

  async function merge() {
    await ask("/patients/merge", {
      method: "POST",
      body: { patient_id: patient.patient_id, duplicate_id: other, reason: reason.trim() },
    });
    void kept.invalidateQueries({ queryKey: patientsQuery.queryKey });
    await kept.invalidateQueries({ queryKey: patientQuery(patient.patient_id).queryKey });
  }

  return (
    <Confirm
      title={t("merge.patientsTitle")}
      act={t("merge.patients")}
      perform={merge}
      close={close}
      blocked={!other || !reason.trim()}
    >
      <p>{t("merge.patientsWhy")}</p>
      <Finding self={patient.patient_id} chosen={other} choose={setOther} />
      {other && <Other patientId={other} />}
      <Reason reason={reason} change={setReason} />
    </Confirm>
  );
}

interface Search {
  self: string;
  chosen: string | null;
  choose: (patientId: string | null) => void;
}

/** The other record, by the code that both may have or by its number. */
function Finding({ self, chosen, choose }: Search) {
  const { t } = useTranslation("patients");
  const common = useTranslation().t;
  const sentence = useSentence();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState("");
  const [several, setSeveral] = useState<Candidate[]>([]);

  function take(patientId: string) {
    choose(patientId === self ? null : patientId);
    setFault(patientId === self ? t("merge.foundSelf") : "");
  }

  async function find(event: FormEvent) {
    event.preventDefault();
    setSeveral([]);
    choose(null);
    try {
      take(await idOf(typed.trim()));
    } catch (error) {
      const found = candidatesOf(error)?.filter((each) => each.patient_id !== self) ?? [];
      setSeveral(found);
      if (found.length === 1 && found[0]) return take(found[0].patient_id);
      const none = error instanceof Refusal && error.status === 404;
      setFault(found.length > 0 ? "" : none ? t("merge.foundNone") : sentence(error));
    }
  }

  return (
    <form onSubmit={(event) => void find(event)} className="field" noValidate>
      <label htmlFor={id}>{t("merge.find")}</label>
      <div className="joined">
        <input
          id={id}
          autoComplete="off"
          value={typed}
          aria-describedby={`${id}-fault`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" disabled={!typed.trim()}>
          {common("patients.find")}
        </button>
      </div>
      <span id={`${id}-fault`} className="fault" role="status">
        {fault}
      </span>
      {several.length > 1 && (
        <fieldset className="field">
          <legend>{t("merge.choose")}</legend>
          {several.map((each) => (
            <label key={each.patient_id} className="check">
              <input
                type="radio"
                name={id}
                checked={chosen === each.patient_id}
                onChange={() => choose(each.patient_id)}
              />
              {common(`sex.${each.sex}`)}, {common("born", { year: each.birth_year })}
              {each.last_visit && `, ${common("survey.lastVisit", { date: day(each.last_visit) })}`}
            </label>
          ))}
        </fieldset>
      )}
    </form>
  );
}

async function idOf(typed: string): Promise<string> {
  if (!birthOf(typed)) {
    const found = await ask<Patient>(`/patients/${encodeURIComponent(typed)}`);
    return found.patient_id;
  }
  const found = await ask<PatientFound>("/patients/lookup", {
    method: "POST",
    body: { patient_code: digits(typed) },
  });
  return found.patient_id;
}

/** Whom the doctor is about to merge: enough to see that it is the right one. */
function Other({ patientId }: { patientId: string }) {
  const { t } = useTranslation("patients");
  const common = useTranslation().t;
  const patient = useQuery(patientQuery(patientId)).data;
  if (!patient) return null;
  return (
    <p className="notice" role="status">
      {t("merge.found")}: {common(`sex.${patient.sex}`)},{" "}
      {common("born", { year: patient.birth_year })},{" "}
      {counted(patient.lesions.length, t("merge.lesionsCount", { returnObjects: true }))}
      {patient.last_visit && `, ${common("survey.lastVisit", { date: day(patient.last_visit) })}`}{" "}
      <code>{patient.patient_id.slice(-6)}</code>
    </p>
  );
}
