/** The clinics: opened, renamed, closed. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ask } from "../api/client";
import { Page } from "../app/page";
import { labelOf } from "../language";
import { Confirm } from "../ui/confirm";
import { Window } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";
import { Listed } from "../ui/listed";
import { useSending } from "../ui/use-sending";
import { Field } from "./field";
import { clinicsQuery } from "./queries";
import type { Clinic, ClinicForm } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./administration.css";

export function ClinicsPage() {
  const { t } = useTranslation("administration");
  const [changing, setChanging] = useState<Clinic | "new" | null>(null);
  const [closing, setClosing] = useState<Clinic | null>(null);
  return (
    <Page
      title={t("clinics.title")}
      aside={
        <button type="button" className="primary" onClick={() => setChanging("new")}>
          {t("clinics.new")}
        </button>
      }
    >
      <Listed
        query={clinicsQuery}
        empty={
          <Empty title={t("clinics.empty")}>
            <p>{t("clinics.emptyWhy")}</p>
          </Empty>
        }
      >
        {(clinics) => <Table clinics={clinics} change={setChanging} close={setClosing} />}
      </Listed>
      {changing && (
        <ClinicWindow
          clinic={changing === "new" ? null : changing}
          close={() => setChanging(null)}
        />
      )}
      {closing && <Closing clinic={closing} close={() => setClosing(null)} />}
    </Page>
  );
}

interface Rows {
  clinics: readonly Clinic[];
  change: (clinic: Clinic) => void;
  close: (clinic: Clinic) => void;
}

function Table({ clinics, change, close }: Rows) {
  const { t } = useTranslation("administration");
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("clinics.name")}</th>
          <th scope="col">{t("clinics.city")}</th>
          <th scope="col">{t("clinics.state")}</th>
          <th scope="col">
            <span className="unseen">{t("acts")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {clinics.map((clinic) => (
          <tr key={clinic.clinic_id}>
            <th scope="row">
              <Link to={`/accounts?clinic_id=${encodeURIComponent(clinic.clinic_id)}`}>
                {labelOf(clinic.name)}
              </Link>
            </th>
            <td data-name={t("clinics.city")}>{clinic.city}</td>
            <td data-name={t("clinics.state")}>
              {t(clinic.closed ? "clinics.closed" : "clinics.open")}
            </td>
            <td>
              <div className="actions row-acts">
                <button
                  type="button"
                  aria-label={t("clinics.changeOf", { name: labelOf(clinic.name) })}
                  onClick={() => change(clinic)}
                >
                  {t("change")}
                </button>
                <button
                  type="button"
                  aria-label={t(clinic.closed ? "clinics.reopenOf" : "clinics.closeOf", {
                    name: labelOf(clinic.name),
                  })}
                  onClick={() => close(clinic)}
                >
                  {t(clinic.closed ? "clinics.reopen" : "clinics.close")}
                </button>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Closing({ clinic, close }: { clinic: Clinic; close: () => void }) {
  const { t } = useTranslation("administration");
  const kept = useQueryClient();
  const act = t(clinic.closed ? "clinics.reopen" : "clinics.close");
  return (
    <Confirm
      title={labelOf(clinic.name)}
      act={act}
      close={close}
      perform={async () => {
        await ask(`/clinics/${encodeURIComponent(clinic.clinic_id)}`, {
          method: "PATCH",
          body: { closed: !clinic.closed },
        });
        await kept.invalidateQueries({ queryKey: ["clinics"] });
      }}
    >
      <p>{t(clinic.closed ? "clinics.reopenWhy" : "clinics.closeWhy")}</p>
    </Confirm>
  );
}

interface Values {
  ru: string;
  en: string;
  city: string;
}

function ClinicWindow({ clinic, close }: { clinic: Clinic | null; close: () => void }) {
  const { t } = useTranslation("administration");
  const { t: common } = useTranslation();
  const kept = useQueryClient();
  const form = useForm<Values>({
    defaultValues: {
      ru: clinic?.name.ru ?? "",
      en: clinic?.name.en ?? "",
      city: clinic?.city ?? "",
    },
  });
  const { errors } = form.formState;
  const needed = { validate: (value: string) => value.trim() !== "" || t("missing") };
  const sending = useSending(form, async ({ ru, en, city }, idempotencyKey) => {
    const body: ClinicForm = { name: { ru: ru.trim(), en: en.trim() }, city: city.trim() };
    if (clinic) {
      const path = `/clinics/${encodeURIComponent(clinic.clinic_id)}`;
      await ask(path, { method: "PATCH", body });
    } else {
      await ask("/clinics", { method: "POST", body, idempotencyKey });
    }
    await kept.invalidateQueries({ queryKey: ["clinics"] });
    close();
  });
  return (
    <Window
      title={clinic ? labelOf(clinic.name) : t("clinics.new")}
      close={close}
      acts={
        <>
          <button type="button" onClick={close}>
            {common("cancel")}
          </button>
          <button type="submit" form="clinic" className="primary" disabled={sending.busy}>
            {sending.busy ? common("busy") : common("save")}
          </button>
        </>
      }
    >
      <form
        id="clinic"
        className="written"
        noValidate
        onSubmit={(event) => void sending.submit(event)}
      >
        {(["ru", "en", "city"] as const).map((name) => (
          <Field key={name} label={t(`clinics.${name}`)} fault={errors[name]?.message}>
            {(told) => <input {...told} maxLength={120} {...form.register(name, needed)} />}
          </Field>
        ))}
        {sending.failure !== null && <Failure error={sending.failure} />}
      </form>
    </Window>
  );
}
