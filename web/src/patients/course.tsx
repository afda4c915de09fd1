/** What was done to a lesion and what came of it: recorded, completed later, corrected. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import type { Choice, Lesion, Patient } from "../api/contract";
import { useRequestKeys } from "../api/idempotency";
import { patientQuery, vocabulariesQuery } from "../api/queries";
import { labelOf } from "../language";
import { counted, day, today } from "../language/format";
import { Confirm } from "../ui/confirm";
import { Window } from "../ui/dialog";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { useLesionName } from "./lesion-name";
import { type Treatment, treatmentsQuery } from "./queries";
import { Reason } from "./reason";

interface Shown {
  patient: Patient;
  lesion: Lesion;
  close: () => void;
}

export function Course({ patient, lesion, close }: Shown) {
  const { t } = useTranslation("patients");
  const nameOf = useLesionName(patient.lesions);
  const list = useQuery(treatmentsQuery(lesion.lesion_id));
  const [edited, setEdited] = useState<Treatment | "new" | null>(null);
  return (
    <Window
      title={`${t("course.title")}: ${nameOf(lesion)}`}
      close={close}
      acts={
        <>
          <CloseButton close={close} />
          <button type="button" className="primary" onClick={() => setEdited("new")}>
            {t("course.record")}
          </button>
        </>
      }
    >
      {list.isPending && <Skeleton rows={2} />}
      {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
      {list.data?.items.length === 0 && <p>{t("course.none")}</p>}
      <ul className="rows">
        {list.data?.items.map((treatment) => (
          <Row
            key={treatment.treatment_id}
            treatment={treatment}
            correct={() => setEdited(treatment)}
          />
        ))}
      </ul>
      {edited && (
        <TreatmentForm
          lesionId={lesion.lesion_id}
          patientId={patient.patient_id}
          treatment={edited === "new" ? null : edited}
          close={() => setEdited(null)}
        />
      )}
    </Window>
  );
}

function CloseButton({ close }: { close: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" onClick={close}>
      {t("close")}
    </button>
  );
}

/** The names of treatments and their outcomes. */
export function useTreatmentName(): (key: string | null | undefined) => string {
  const words = useQuery(vocabulariesQuery).data;
  return (key) => {
    const all: Choice[] = [...(words?.treatments ?? []), ...(words?.outcomes ?? [])];
    const found = all.find((each) => each.key === key);
    return found ? labelOf(found.labels) : (key ?? "");
  };
}

function Row({ treatment, correct }: { treatment: Treatment; correct: () => void }) {
  const { t } = useTranslation("patients");
  const nameOf = useTreatmentName();
  return (
    <li>
      <div className="grow">
        <strong>{nameOf(treatment.what)}</strong>, {day(treatment.done_on)}
        <small className="block">
          {treatment.outcome
            ? `${nameOf(treatment.outcome)}${treatment.outcome_on ? `, ${day(treatment.outcome_on)}` : ""}`
            : t("course.noOutcome")}
          {treatment.history.length > 0 &&
            ` · ${counted(treatment.history.length, t("course.corrected", { returnObjects: true }))}`}
        </small>
        {treatment.note && <p>{treatment.note}</p>}
      </div>
      <button type="button" onClick={correct}>
        {t("course.correct")}
      </button>
    </li>
  );
}

interface Form {
  lesionId: string;
  patientId: string;
  /** Null for a new one. */
  treatment: Treatment | null;
  close: () => void;
}

interface Told {
  what: string;
  done_on: string;
  outcome: string;
  outcome_on: string;
  note: string;
}

function TreatmentForm({ lesionId, patientId, treatment, close }: Form) {
  const { t } = useTranslation("patients");
  const kept = useQueryClient();
  const words = useQuery(vocabulariesQuery).data;
  const keyFor = useRequestKeys();
  const [told, setTold] = useState<Told>(() => ({
    what: treatment?.what ?? "",
    done_on: treatment?.done_on ?? today(),
    outcome: treatment?.outcome ?? "",
    outcome_on: treatment?.outcome_on ?? "",
    note: treatment?.note ?? "",
  }));
  const tell = (part: Partial<Told>) => setTold((before) => ({ ...before, ...part }));

  async function save() {
    const body = bodyOf(told);
    if (treatment) {
      await ask(`/treatments/${encodeURIComponent(treatment.treatment_id)}`, {
        method: "PATCH",
        body,
      });
    } else {
      await ask(`/lesions/${encodeURIComponent(lesionId)}/treatments`, {
        method: "POST",
        body,
        idempotencyKey: keyFor(body),
      });
    }
    void kept.invalidateQueries({ queryKey: patientQuery(patientId).queryKey });
    await kept.invalidateQueries({ queryKey: treatmentsQuery(lesionId).queryKey });
  }

  return (
    <Confirm
      title={t(treatment ? "course.correctTitle" : "course.record")}
      act={t(treatment ? "course.correct" : "course.record")}
      perform={save}
      close={close}
      blocked={!told.what || !told.done_on}
    >
      <Choosing
        name={t("course.what")}
        none={t("course.choose")}
        choices={words?.treatments ?? []}
        chosen={told.what}
        choose={(what) => tell({ what })}
      />
      <Day name={t("course.doneOn")} day={told.done_on} set={(done_on) => tell({ done_on })} />
      <Choosing
        name={t("course.outcome")}
        none={t("course.unknown")}
        choices={words?.outcomes ?? []}
        chosen={told.outcome}
        choose={(outcome) =>
          tell({ outcome, outcome_on: outcome ? told.outcome_on || today() : "" })
        }
      />
      {told.outcome && (
        <Day
          name={t("course.outcomeOn")}
          day={told.outcome_on}
          from={told.done_on}
          set={(outcome_on) => tell({ outcome_on })}
        />
      )}
      <Reason
        reason={told.note}
        change={(note) => tell({ note })}
        label={t("course.note")}
        hint={t("lesion.noteHint")}
      />
    </Confirm>
  );
}

/** What is empty is told as unknown, so that a correction can take an answer back. */
function bodyOf(told: Told): Record<string, string | null> {
  return {
    what: told.what,
    done_on: told.done_on,
    outcome: told.outcome || null,
    outcome_on: told.outcome_on || null,
    note: told.note.trim() || null,
  };
}

interface ChoosingShown {
  name: string;
  none: string;
  choices: readonly Choice[];
  chosen: string;
  choose: (key: string) => void;
}

function Choosing({ name, none, choices, chosen, choose }: ChoosingShown) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{name}</label>
      <select id={id} value={chosen} onChange={(event) => choose(event.target.value)}>
        <option value="">{none}</option>
        {choices.map((choice) => (
          <option key={choice.key} value={choice.key}>
            {labelOf(choice.labels)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface DayShown {
  name: string;
  day: string;
  from?: string;
  set: (day: string) => void;
}

function Day({ name, day: value, from, set }: DayShown) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        type="date"
        min={from}
        max={today()}
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  );
}
