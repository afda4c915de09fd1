/** A source is opened before its images come: what allows to keep them, and how its authors are named. */
import { useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ask } from "../api/client";
import { Page } from "../app/page";
import { Failure } from "../ui/failure";
import { useSending } from "../ui/use-sending";
import type { Import, NewImport } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./oversight.css";

const FIELDS = ["name", "legal_basis", "licence", "attribution"] as const;
const SHORT: ReadonlySet<string> = new Set(["name", "licence"]);

export function NewImportPage() {
  const { t } = useTranslation("oversight");
  const go = useNavigate();
  const queries = useQueryClient();
  const form = useForm<NewImport>({
    defaultValues: { name: "", legal_basis: "", licence: "", attribution: "" },
  });
  const { errors } = form.formState;
  const { submit, failure, busy } = useSending(form, async (body, idempotencyKey) => {
    const opened = await ask<Import>("/imports", { method: "POST", body, idempotencyKey });
    void queries.invalidateQueries({ queryKey: ["imports"] });
    await go(`/imports/${opened.import_id}`);
  });
  const words = {
    name: [t("imports.name"), t("imports.nameHint")],
    legal_basis: [t("imports.legalBasis"), t("imports.legalBasisHint")],
    licence: [t("imports.licence"), ""],
    attribution: [t("imports.attribution"), t("imports.attributionHint")],
  } as const;
  return (
    <Page title={t("imports.newTitle")} above={<Link to="/imports">← {t("imports.back")}</Link>}>
      <p className="measure hint">{t("imports.importer")}</p>
      <form className="written" noValidate onSubmit={(event) => void submit(event)}>
        {FIELDS.map((field) => {
          const fault = errors[field]?.message;
          const told = {
            id: field,
            "aria-invalid": fault !== undefined,
            "aria-describedby": `${field}-hint ${field}-fault`,
            ...form.register(field, {
              validate: (value) => value.trim() !== "" || t("imports.missing"),
            }),
          };
          return (
            <div key={field} className="field">
              <label htmlFor={field}>{words[field][0]}</label>
              {SHORT.has(field) ? (
                <input maxLength={200} {...told} />
              ) : (
                <textarea rows={3} maxLength={2000} {...told} />
              )}
              <span className="hint" id={`${field}-hint`}>
                {words[field][1]}
              </span>
              <span className="fault" id={`${field}-fault`}>
                {fault}
              </span>
            </div>
          );
        })}
        {failure !== null && <Failure error={failure} />}
        <div className="actions">
          <button type="submit" className="primary" disabled={busy}>
            {t("imports.open")}
          </button>
        </div>
      </form>
    </Page>
  );
}
