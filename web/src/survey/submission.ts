/** Sending a survey: once, however often the button is pressed or the connection fails. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { ask } from "../api/client";
import type { Candidate, Field, SurveyRecorded } from "../api/contract";
import { Refusal } from "../api/errors";
import { useRequestKeys } from "../api/idempotency";
import { patientQuery, patientsQuery } from "../api/queries";
import { type Filled, surveyOf, type Whose } from "./answers";
import { dropDraft } from "./draft";

export function useSubmission(fields: readonly Field[]) {
  const navigate = useNavigate();
  const kept = useQueryClient();
  const keyFor = useRequestKeys();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [refused, setRefused] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const [candidates, setCandidates] = useState<Candidate[] | null>(null);

  function refuse(by: unknown = null) {
    setRefused(true);
    setError(by);
    setAttempts((before) => before + 1);
  }

  function forget() {
    setRefused(false);
    setError(null);
  }

  async function send(filled: Filled, whose: Whose): Promise<unknown> {
    const body = surveyOf(fields, filled, whose);
    setBusy(true);
    try {
      const made = await ask<SurveyRecorded>("/surveys", {
        method: "POST",
        body,
        idempotencyKey: keyFor(body),
      });
      setDone(true);
      dropDraft();
      void kept.invalidateQueries({ queryKey: patientsQuery.queryKey });
      void kept.invalidateQueries({ queryKey: patientQuery(made.patient_id).queryKey });
      await navigate(`/patients/${made.patient_id}/lesions/${made.lesion_id}`, {
        state: { saved: true },
      });
      return null;
    } catch (failure) {
      const found = candidatesOf(failure);
      setCandidates(found);
      if (!found) refuse(failure);
      return found ? null : failure;
    } finally {
      setBusy(false);
    }
  }

  return { busy, done, refused, attempts, error, candidates, send, refuse, forget };
}

function candidatesOf(error: unknown): Candidate[] | null {
  if (!(error instanceof Refusal) || error.code !== "same_person") return null;
  const found = error.details.candidates;
  return Array.isArray(found) ? (found as Candidate[]) : null;
}
