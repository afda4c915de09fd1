/** Another role, clinic or size of hand for an account. */
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
import { OPENED_BY_HAND } from "./rules";
import type { AccountChange, AccountDetail } from "./shapes";

interface Shown {
  account: AccountDetail;
  /** One's own role stays: nobody locks himself out. */
  own: boolean;
  close: () => void;
}

interface Values {
  role: string;
  clinic_id: string;
  hand_size: string;
}

export function ChangeAccount({ account, own, close }: Shown) {
  const { t } = useTranslation("administration");
  const { t: common } = useTranslation();
  const kept = useQueryClient();
  const clinics = useQuery(clinicChoiceQuery).data?.items ?? [];
  const form = useForm<Values>({
    defaultValues: {
      role: account.role,
      clinic_id: account.clinic_id,
      hand_size: String(account.hand_size),
    },
  });
  const { errors } = form.formState;
  const reads = account.role === "expert" || account.role === "senior_expert";
  const sending = useSending(form, async (values) => {
    const body: AccountChange = {
      ...(values.role &&
        values.role !== account.role && { role: values.role as AccountDetail["role"] }),
      ...(values.clinic_id !== account.clinic_id && { clinic_id: values.clinic_id }),
      ...(reads &&
        Number(values.hand_size) !== account.hand_size && { hand_size: Number(values.hand_size) }),
    };
    if (Object.keys(body).length > 0) {
      await ask(`/accounts/${encodeURIComponent(account.account_id)}`, { method: "PATCH", body });
      await kept.invalidateQueries({ queryKey: ["accounts"] });
    }
    close();
  });
  return (
    <Window
      title={t("accounts.changeOf", { login: account.login })}
      close={close}
      acts={
        <>
          <button type="button" onClick={close}>
            {common("cancel")}
          </button>
          <button type="submit" form="change-account" className="primary" disabled={sending.busy}>
            {sending.busy ? common("busy") : common("save")}
          </button>
        </>
      }
    >
      <form
        id="change-account"
        className="written"
        noValidate
        onSubmit={(event) => void sending.submit(event)}
      >
        {account.role !== "patient" && (
          <Field
            label={t("accounts.role")}
            hint={own ? t("accounts.own") : t("accounts.roleHint")}
            fault={errors.role?.message}
          >
            {(told) => (
              <select {...told} disabled={own} {...form.register("role", { disabled: own })}>
                {OPENED_BY_HAND.map((each) => (
                  <option key={each} value={each}>
                    {common(`role.${each}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={t("accounts.clinic")} fault={errors.clinic_id?.message}>
          {(told) => (
            <select {...told} {...form.register("clinic_id")}>
              <option value="">{t("accounts.noClinic")}</option>
              {clinics
                .filter((each) => !each.closed || each.clinic_id === account.clinic_id)
                .map((clinic) => (
                  <option key={clinic.clinic_id} value={clinic.clinic_id}>
                    {labelOf(clinic.name)}
                  </option>
                ))}
            </select>
          )}
        </Field>
        {reads && (
          <Field
            label={t("accounts.hand")}
            hint={t("accounts.handHint")}
            fault={errors.hand_size?.message}
          >
            {(told) => (
              <input
                {...told}
                className="year"
                type="number"
                min={1}
                max={100}
                {...form.register("hand_size", {
                  validate: (value) =>
                    (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 100) ||
                    t("accounts.handBad"),
                })}
              />
            )}
          </Field>
        )}
        {sending.failure !== null && <Failure error={sending.failure} />}
      </form>
    </Window>
  );
}
