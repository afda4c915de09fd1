/** A new account: its login, role and clinic. The temporary password comes from the pool. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import { labelOf } from "../language";
import { Window } from "../ui/dialog";
import { Failure } from "../ui/failure";
import { useSending } from "../ui/use-sending";
import { Field } from "./field";
import { clinicChoiceQuery } from "./queries";
import { OPENED_BY_HAND, type Values, wanted } from "./rules";
import type { Opened } from "./shapes";

interface Shown {
  close: () => void;
  opened: (account: Opened) => void;
}

export function NewAccount({ close, opened }: Shown) {
  const { t } = useTranslation("administration");
  const { t: common } = useTranslation();
  const kept = useQueryClient();
  const clinics = useQuery(clinicChoiceQuery).data?.items.filter((each) => !each.closed) ?? [];
  const form = useForm<Values>({
    defaultValues: { login: "", role: "doctor", clinic_id: "", qualified_since: "" },
  });
  const { errors } = form.formState;
  const role = form.watch("role");
  const sending = useSending(form, async (values, idempotencyKey) => {
    const body = wanted(values);
    const account = await ask<Opened>("/accounts", { method: "POST", body, idempotencyKey });
    void kept.invalidateQueries({ queryKey: ["accounts"] });
    opened(account);
  });
  return (
    <Window
      title={t("accounts.new")}
      close={close}
      acts={
        <>
          <button type="button" onClick={close}>
            {common("cancel")}
          </button>
          <button type="submit" form="new-account" className="primary" disabled={sending.busy}>
            {sending.busy ? common("busy") : t("accounts.open")}
          </button>
        </>
      }
    >
      <form
        id="new-account"
        className="written"
        noValidate
        onSubmit={(event) => void sending.submit(event)}
      >
        <Field
          label={t("accounts.login")}
          hint={t("accounts.loginHint")}
          fault={errors.login?.message}
        >
          {(told) => (
            <input
              {...told}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={128}
              {...form.register("login", {
                validate: (value) => value.trim() !== "" || t("missing"),
              })}
            />
          )}
        </Field>
        <Field label={t("accounts.role")} fault={errors.role?.message}>
          {(told) => (
            <select {...told} {...form.register("role")}>
              {OPENED_BY_HAND.map((each) => (
                <option key={each} value={each}>
                  {common(`role.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {role !== "vendor" && (
          <Field
            label={t("accounts.clinic")}
            hint={role === "doctor" ? undefined : t("accounts.clinicHint")}
            fault={errors.clinic_id?.message}
          >
            {(told) => (
              <select {...told} {...form.register("clinic_id")}>
                <option value="">{t("accounts.noClinic")}</option>
                {clinics.map((clinic) => (
                  <option key={clinic.clinic_id} value={clinic.clinic_id}>
                    {labelOf(clinic.name)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field
          label={t("accounts.qualified")}
          hint={t("accounts.qualifiedHint")}
          fault={errors.qualified_since?.message}
        >
          {(told) => (
            <input
              {...told}
              className="year"
              inputMode="numeric"
              maxLength={4}
              {...form.register("qualified_since", {
                validate: (value) => /^(\d{4})?$/.test(value.trim()) || t("accounts.qualifiedBad"),
              })}
            />
          )}
        </Field>
        {sending.failure !== null && <Failure error={sending.failure} />}
      </form>
    </Window>
  );
}
