/**
 * Finding a patient by his code, and beginning a new one when nobody has it. The code travels in a
 * body and in memory, never in an address.
 */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ask } from "../api/client";
import type { Candidate, PatientFound } from "../api/contract";
import { Refusal } from "../api/errors";
import { day } from "../language/format";
import { birthOf, digits } from "../survey/code";
import { handOver } from "../survey/handover";
import { RequestNumber, useSentence } from "../ui/failure";

interface Shown {
  /** In a clinic without patients there is nobody to find: the code leads to the survey at once. */
  first?: boolean;
}

export function Lookup({ first }: Shown) {
  const { t } = useTranslation();
  const patients = useTranslation("patients").t;
  const navigate = useNavigate();
  const id = useId();
  const [code, setCode] = useState("");
  const [malformed, setMalformed] = useState(false);
  const search = useMutation({
    mutationFn: (patient_code: string) =>
      ask<PatientFound>("/patients/lookup", { method: "POST", body: { patient_code } }),
    onSuccess: (found) => void navigate(`/patients/${found.patient_id}`),
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    search.reset();
    const bad = birthOf(code) === null;
    setMalformed(bad);
    if (bad) return;
    if (!first) return search.mutate(digits(code));
    handOver(code);
    void navigate("/cases/new");
  }

  return (
    <search className="lookup">
      <form onSubmit={submit} noValidate>
        <label htmlFor={id}>{t(first ? "survey.patientCode" : "patients.lookup")}</label>
        <div className="joined">
          <input
            id={id}
            name="code"
            className="code"
            inputMode="numeric"
            autoComplete="off"
            // biome-ignore lint/a11y/noAutofocus: the page has nothing else to begin with
            autoFocus={first}
            maxLength={20}
            value={code}
            aria-invalid={malformed || undefined}
            aria-describedby={`${id}-hint ${id}-answer`}
            onChange={(event) => {
              setCode(event.target.value);
              setMalformed(false);
            }}
          />
          <button
            type="submit"
            className={first ? "primary" : undefined}
            disabled={search.isPending}
          >
            {first ? patients("list.start") : t("patients.find")}
          </button>
        </div>
        {first && (
          <p className="hint" id={`${id}-hint`}>
            {t("survey.patientCodeHint")}
          </p>
        )}
      </form>
      <div id={`${id}-answer`} role="status">
        {malformed && <p className="fault">{t("survey.codeShape")}</p>}
        {search.isError && <NotFound error={search.error} code={search.variables} />}
      </div>
    </search>
  );
}

function NotFound({ error, code }: { error: unknown; code: string }) {
  const { t } = useTranslation();
  const patients = useTranslation("patients").t;
  const sentence = useSentence();
  if (error instanceof Refusal && error.status === 404) {
    return (
      <p className="fault">
        {t("patients.lookupNone")}{" "}
        <Link to="/cases/new" onClick={() => handOver(code)}>
          {patients("list.withCode")}
        </Link>
      </p>
    );
  }
  const several = candidatesOf(error);
  if (several) {
    return (
      <>
        <p>{t("patients.lookupSeveral")}</p>
        <ul>
          {several.map((each) => (
            <li key={each.patient_id}>
              <Link to={`/patients/${each.patient_id}`}>
                {t(`sex.${each.sex}`)}, {t("born", { year: each.birth_year })}
                {each.last_visit && `, ${t("survey.lastVisit", { date: day(each.last_visit) })}`}
              </Link>
            </li>
          ))}
        </ul>
      </>
    );
  }
  const said = error instanceof Refusal ? error.fields.patient_code : undefined;
  return (
    <>
      <p className="fault">{said ?? sentence(error)}</p>
      {!said && <RequestNumber error={error} />}
    </>
  );
}

/** Whom the clinic knows under one code, when there are several. */
export function candidatesOf(error: unknown): Candidate[] | null {
  if (!(error instanceof Refusal) || error.code !== "same_person") return null;
  const found = error.details.candidates;
  return Array.isArray(found) ? (found as Candidate[]) : null;
}
