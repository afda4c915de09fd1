/** Who is told of events over HTTP, and how that goes. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ask } from "../api/client";
import { Page } from "../app/page";
import { moment } from "../language/format";
import { Window } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";
import { Listed } from "../ui/listed";
import { useSending } from "../ui/use-sending";
import { Field } from "./field";
import { ToldOnce } from "./once";
import { webhooksQuery } from "./queries";
import type { Happening, Registered, Webhook, WebhookForm } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./administration.css";

export const HAPPENINGS = [
  "label.completed",
  "arbitration.needed",
  "histology.due",
  "question.overdue",
  "readers.none_left",
] as const satisfies readonly Happening[];

export function WebhooksPage() {
  const { t } = useTranslation("administration");
  const [adding, setAdding] = useState(false);
  const [registered, setRegistered] = useState<Registered | null>(null);
  return (
    <Page
      title={t("webhooks.title")}
      aside={
        <button type="button" className="primary" onClick={() => setAdding(true)}>
          {t("webhooks.new")}
        </button>
      }
    >
      <Listed
        query={webhooksQuery}
        empty={
          <Empty title={t("webhooks.empty")}>
            <p>{t("webhooks.emptyWhy")}</p>
          </Empty>
        }
      >
        {(webhooks) => <Table webhooks={webhooks} />}
      </Listed>
      {adding && (
        <NewWebhook
          close={() => setAdding(false)}
          registered={(answer) => {
            setAdding(false);
            setRegistered(answer);
          }}
        />
      )}
      {registered && (
        <ToldOnce
          title={t("webhooks.secret")}
          why={t("webhooks.secretWhy")}
          secret={registered.secret}
          close={() => setRegistered(null)}
        />
      )}
    </Page>
  );
}

function Table({ webhooks }: { webhooks: readonly Webhook[] }) {
  const { t } = useTranslation("administration");
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("webhooks.url")}</th>
          <th scope="col">{t("webhooks.events")}</th>
          <th scope="col">{t("webhooks.state")}</th>
          <th scope="col">{t("webhooks.last")}</th>
        </tr>
      </thead>
      <tbody>
        {webhooks.map((webhook) => (
          <tr key={webhook.webhook_id}>
            <th scope="row">
              <Link to={`/webhooks/${webhook.webhook_id}`}>{webhook.url}</Link>
              {webhook.note && <small className="beneath">{webhook.note}</small>}
            </th>
            <td data-name={t("webhooks.events")}>
              {webhook.events.map((each) => t(`webhooks.${wordOf(each as Happening)}`)).join(", ")}
            </td>
            <td data-name={t("webhooks.state")}>
              {webhook.disabled?.message ??
                t(webhook.failures > 0 ? "webhooks.failing" : "webhooks.on")}
            </td>
            <td data-name={t("webhooks.last")}>
              {webhook.last_delivery ? moment(webhook.last_delivery.at) : "—"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Events have dots in their names, by which the words are nested. */
export function wordOf(event: Happening) {
  return (
    {
      "label.completed": "labelCompleted",
      "arbitration.needed": "arbitrationNeeded",
      "histology.due": "histologyDue",
      "question.overdue": "questionOverdue",
      "readers.none_left": "readersNoneLeft",
    } as const
  )[event];
}

interface Values {
  url: string;
  note: string;
  events: Happening[];
}

interface Adding {
  close: () => void;
  registered: (answer: Registered) => void;
}

function NewWebhook({ close, registered }: Adding) {
  const { t } = useTranslation("administration");
  const { t: common } = useTranslation();
  const kept = useQueryClient();
  const form = useForm<Values>({ defaultValues: { url: "", note: "", events: [] } });
  const { errors } = form.formState;
  const sending = useSending(form, async ({ url, note, events }, idempotencyKey) => {
    const body: WebhookForm = { url: url.trim(), events, note: note.trim() };
    const answer = await ask<Registered>("/webhooks", { method: "POST", body, idempotencyKey });
    void kept.invalidateQueries({ queryKey: ["webhooks"] });
    registered(answer);
  });
  return (
    <Window
      title={t("webhooks.new")}
      close={close}
      acts={
        <>
          <button type="button" onClick={close}>
            {common("cancel")}
          </button>
          <button type="submit" form="webhook" className="primary" disabled={sending.busy}>
            {sending.busy ? common("busy") : common("save")}
          </button>
        </>
      }
    >
      <form
        id="webhook"
        className="written"
        noValidate
        onSubmit={(event) => void sending.submit(event)}
      >
        <Field label={t("webhooks.url")} hint={t("webhooks.urlHint")} fault={errors.url?.message}>
          {(told) => (
            <input
              {...told}
              type="url"
              inputMode="url"
              maxLength={500}
              placeholder="https://"
              {...form.register("url", {
                validate: (value) => value.trim() !== "" || t("missing"),
              })}
            />
          )}
        </Field>
        <fieldset className="field">
          <legend>{t("webhooks.events")}</legend>
          {HAPPENINGS.map((event) => (
            <label key={event} className="check">
              <input
                type="checkbox"
                value={event}
                {...form.register("events", {
                  validate: (chosen) => chosen.length > 0 || t("webhooks.noEvents"),
                })}
              />
              {t(`webhooks.${wordOf(event)}`)}
            </label>
          ))}
          <span className="fault">{errors.events?.message}</span>
        </fieldset>
        <Field label={t("webhooks.note")} fault={errors.note?.message}>
          {(told) => <input {...told} maxLength={200} {...form.register("note")} />}
        </Field>
        {sending.failure !== null && <Failure error={sending.failure} />}
      </form>
    </Window>
  );
}
