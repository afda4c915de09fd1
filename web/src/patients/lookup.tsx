/** Finding a patient by his code; the code travels in a body, never in an address. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ask } from "../api/client";
import type { Candidate, PatientFound } from "../api/contract";
import { Refusal } from "../api/errors";
import { day } from "../language/format";
import { digits } from "../survey/code";
import { RequestNumber, useSentence } from "../ui/failure";

export function Lookup() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const id = useId();
  const search = useMutation({
    mutationFn: (code: string) =>
      ask<PatientFound>("/patients/lookup", { method: "POST", body: { patient_code: code } }),
    onSuccess: (found) => void navigate(`/patients/${found.patient_id}`),
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    search.mutate(digits(String(new FormData(event.currentTarget).get("code") ?? "")));
  }

  return (
    <search className="lookup">
      <form onSubmit={submit} noValidate>
        <label htmlFor={id}>{t("patients.lookup")}</label>
        <div className="joined">
          <input
            id={id}
            name="code"
            className="code"
            inputMode="numeric"
            autoComplete="off"
            maxLength={20}
            aria-describedby={`${id}-answer`}
          />
          <button type="submit" disabled={search.isPending}>
            {t("patients.find")}
          </button>
        </div>
      </form>
      <div id={`${id}-answer`} role="status">
        {search.isError && <NotFound error={search.error} />}
      </div>
    </search>
  );
}

function NotFound({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  if (error instanceof Refusal && error.status === 404) {
    return (
      <p className="fault">
        {t("patients.lookupNone")} <Link to="/cases/new">{t("patients.newCase")}</Link>
      </p>
    );
  }
  if (error instanceof Refusal && error.code === "same_person") {
    const several = (error.details.candidates ?? []) as Candidate[];
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
