/** How much an expert is to read, and whether he is given new cases now. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import { Failure } from "../ui/failure";
import { readersQuery } from "./queries";
import type { Reader, ReaderPlan } from "./shapes";

interface Plan {
  planned: string;
  paused: boolean;
  reason: string;
}

const MOST = 1_000_000;

export function ExpertPlan({ reader }: { reader: Reader }) {
  const { t } = useTranslation("oversight");
  const { t: common } = useTranslation();
  const queries = useQueryClient();
  const form = useForm<Plan>({
    values: {
      planned: reader.planned_readings === null ? "" : String(reader.planned_readings),
      paused: reader.paused_because !== null,
      reason: reader.paused_because ?? "",
    },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty } = form.formState;
  const saving = useMutation({
    mutationFn: (plan: Plan) =>
      ask<Reader>(`/labelling/readers/${reader.account_id}`, {
        method: "PATCH",
        body: changed(plan),
      }),
    onSuccess: async (_, plan) => {
      form.reset(plan);
      await queries.invalidateQueries(readersQuery);
    },
  });
  const paused = form.watch("paused");
  return (
    <form
      className="expert-plan written"
      noValidate
      onSubmit={(event) => void form.handleSubmit((plan) => saving.mutate(plan))(event)}
    >
      <h2>{t("experts.plan")}</h2>
      <div className="field">
        <label htmlFor="planned">{t("experts.planned")}</label>
        <input
          id="planned"
          className="short"
          inputMode="numeric"
          aria-invalid={errors.planned !== undefined}
          aria-describedby="planned-hint planned-fault"
          {...form.register("planned", {
            validate: (value) => isAmount(value) || t("experts.number"),
          })}
        />
        <span className="hint" id="planned-hint">
          {t("experts.plannedHint")}
        </span>
        <span className="fault" id="planned-fault">
          {errors.planned?.message}
        </span>
      </div>
      <div>
        <label className="check">
          <input type="checkbox" {...form.register("paused")} />
          {t("experts.pause")}
        </label>
        <p className="hint">{t("experts.pauseHint")}</p>
      </div>
      {paused && (
        <div className="field">
          <label htmlFor="reason">{t("experts.reason")}</label>
          <textarea
            id="reason"
            rows={2}
            maxLength={500}
            aria-invalid={errors.reason !== undefined}
            aria-describedby="reason-fault"
            {...form.register("reason", {
              validate: (value, { paused: held }) =>
                !held || value.trim() !== "" || t("experts.reasonMissing"),
            })}
          />
          <span className="fault" id="reason-fault">
            {errors.reason?.message}
          </span>
        </div>
      )}
      {saving.isError && <Failure error={saving.error} />}
      <div className="actions">
        <button type="submit" className="primary" disabled={saving.isPending || !isDirty}>
          {common("save")}
        </button>
        <span role="status">{saving.isSuccess && !isDirty && t("experts.saved")}</span>
      </div>
    </form>
  );
}

/** What is left out stays; there is no way to take a plan back but to set another one. */
export function changed({ planned, paused, reason }: Plan): ReaderPlan {
  const amount = planned.trim();
  return {
    ...(amount !== "" && { planned_readings: Number(amount) }),
    paused,
    ...(paused && { reason: reason.trim() }),
  };
}

export function isAmount(value: string): boolean {
  const amount = value.trim();
  return amount === "" || (/^\d{1,7}$/.test(amount) && Number(amount) <= MOST);
}
