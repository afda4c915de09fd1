/** Entering a pathologist's report, and correcting one. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type UseFormReturn, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { ask } from "../../api/client";
import type { Schemas } from "../../api/contract";
import { Refusal } from "../../api/errors";
import { useRequestKeys } from "../../api/idempotency";
import { Failure } from "../../ui/failure";
import { useDraft } from "../draft";
import { type Histology, histologyChanged } from "../queries";
import { Fields } from "./fields";
import { type Entered, enteredOf, FIELDS, NOTHING, toCorrect, toSend } from "./findings";
import { type Chosen, ReportField } from "./report-field";
import { Progress, useSending } from "./sending";

interface Shown {
  lesionId: string;
  close: () => void;
}

export function NewResult({ lesionId, close }: Shown) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const kept = useQueryClient();
  const form = useForm<Entered>({ defaultValues: NOTHING });
  const [chosen, setChosen] = useState<Chosen>({ file: null, covered: false });
  const [uncovered, setUncovered] = useState(false);
  const keyFor = useRequestKeys();
  const forget = useDraft(form, `histology.${lesionId}`);
  const sending = useSending((sent) => {
    void histologyChanged(kept, lesionId);
    if (sent) close();
  });
  const recording = useMutation({
    mutationFn: async (entered: Entered) => {
      const report = chosen.file ? await sending.read(chosen.file) : null;
      const body = { ...toSend(entered), ...(report && { report, names_covered: true }) };
      const path = `/lesions/${encodeURIComponent(lesionId)}/histology`;
      return ask<Schemas["HistologyRecorded"]>(path, {
        method: "POST",
        body,
        idempotencyKey: keyFor(body),
      });
    },
    onSuccess: async ({ histology_id: id, upload }) => {
      forget();
      if (upload) return void (await sending.send(id, upload));
      await histologyChanged(kept, lesionId);
      close();
    },
    onError: (error) => showFaults(form, error),
  });

  const submit = form.handleSubmit((entered) => {
    const missing = chosen.file !== null && !chosen.covered;
    setUncovered(missing);
    if (!missing) recording.mutate(entered);
  });

  const busy = recording.isPending;
  if (recording.isSuccess) {
    return (
      <section className="report-form">
        <h3>{t("histology.recorded")}</h3>
        <Progress sending={sending} />
        <p>
          <button type="button" onClick={close}>
            {common("close")}
          </button>
        </p>
      </section>
    );
  }
  return (
    <form className="report-form" onSubmit={submit} noValidate aria-label={t("histology.new")}>
      <h3>{t("histology.new")}</h3>
      <Fields form={form} />
      <ReportField chosen={chosen} change={setChosen} missing={uncovered} disabled={busy} />
      <Progress sending={sending} />
      {recording.isError && !hasFields(recording.error) && sending.step !== "failed" && (
        <Failure error={recording.error} />
      )}
      <div className="actions">
        <button type="submit" className="primary" disabled={busy}>
          {busy ? common("busy") : common("save")}
        </button>
        <button
          type="button"
          onClick={() => {
            forget();
            close();
          }}
          disabled={busy}
        >
          {common("cancel")}
        </button>
      </div>
    </form>
  );
}

interface Correcting extends Shown {
  result: Histology;
}

export function Correction({ lesionId, result, close }: Correcting) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const kept = useQueryClient();
  const before = enteredOf(result);
  const form = useForm<Entered>({ defaultValues: before });
  const [reason, setReason] = useState("");
  const correcting = useMutation({
    mutationFn: (entered: Entered) =>
      ask<Histology>(`/histology/${encodeURIComponent(result.histology_id)}`, {
        method: "PATCH",
        body: toCorrect(before, entered, reason.trim()),
      }),
    onSuccess: async () => {
      await histologyChanged(kept, lesionId);
      close();
    },
    onError: (error) => showFaults(form, error),
  });
  return (
    <form
      className="report-form"
      onSubmit={form.handleSubmit((entered) => correcting.mutate(entered))}
      noValidate
      aria-label={t("histology.correct")}
    >
      <h3>{t("histology.correct")}</h3>
      <Fields form={form} />
      <label className="labelled">
        {t("histology.reason")}
        <input
          value={reason}
          maxLength={500}
          onChange={({ target }) => setReason(target.value)}
          required
        />
        <small>{t("histology.reasonHint")}</small>
      </label>
      {correcting.isError && !hasFields(correcting.error) && <Failure error={correcting.error} />}
      <div className="actions">
        <button
          type="submit"
          className="primary"
          disabled={correcting.isPending || reason.trim() === ""}
        >
          {correcting.isPending ? common("busy") : common("save")}
        </button>
        <button type="button" onClick={close}>
          {common("cancel")}
        </button>
      </div>
    </form>
  );
}

/** The system's sentences at the fields they are about; the first of them gets the focus. */
function showFaults(form: UseFormReturn<Entered>, error: unknown): void {
  if (!(error instanceof Refusal)) return;
  const faults = FIELDS.filter((field) => error.fields[field]);
  faults.forEach((field, at) => {
    form.setError(field, { message: error.fields[field] }, { shouldFocus: at === 0 });
  });
}

/** Whether every fault is told at its field already. */
function hasFields(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false;
  const told = Object.keys(error.fields);
  return told.length > 0 && told.every((each) => (FIELDS as string[]).includes(each));
}
