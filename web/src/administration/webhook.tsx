/** One receiver: its last deliveries, its secret, switching it off and on. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { ask } from "../api/client";
import { newKey } from "../api/idempotency";
import { Page } from "../app/page";
import { moment } from "../language/format";
import { Confirm } from "../ui/confirm";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { ToldOnce } from "./once";
import { webhookQuery, webhooksQuery } from "./queries";
import type { Happening, NewSecret, WebhookView } from "./shapes";
import { wordOf } from "./webhooks";
import "./words";
import "../styles/parts.css";
import "./administration.css";

export function WebhookPage() {
  const { t } = useTranslation("administration");
  const { webhookId = "" } = useParams();
  const query = useQuery(webhookQuery(webhookId));
  return (
    <Page
      title={query.data?.url ?? t("webhooks.one")}
      above={<Link to="/webhooks">← {t("webhooks.title")}</Link>}
    >
      {query.isPending && <Skeleton />}
      {query.isError && !query.data && (
        <Failure error={query.error} retry={() => query.refetch()} />
      )}
      {query.data && <Shown webhook={query.data} />}
    </Page>
  );
}

function Shown({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation("administration");
  const { disabled, failing_since } = webhook;
  return (
    <>
      {disabled && <p className="notice">{disabled.message}</p>}
      {!disabled && failing_since && (
        <p className="notice">{t("webhooks.failingSince", { moment: moment(failing_since) })}</p>
      )}
      <p>
        {webhook.events.map((each) => t(`webhooks.${wordOf(each as Happening)}`)).join(", ")}
        {webhook.note && <small className="beneath">{webhook.note}</small>}
      </p>
      <Acts webhook={webhook} />
      <h2>{t("webhooks.deliveries")}</h2>
      {webhook.deliveries.length === 0 ? (
        <p>{t("webhooks.noDeliveries")}</p>
      ) : (
        <Deliveries webhook={webhook} />
      )}
    </>
  );
}

function Deliveries({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation("administration");
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("webhooks.at")}</th>
          <th scope="col">{t("webhooks.event")}</th>
          <th scope="col">{t("webhooks.attempt")}</th>
          <th scope="col">{t("webhooks.answer")}</th>
        </tr>
      </thead>
      <tbody>
        {webhook.deliveries.map((each) => (
          <tr key={`${each.event_id} ${each.attempt}`}>
            <th scope="row">{moment(each.at)}</th>
            <td data-name={t("webhooks.event")}>
              <code>{each.type}</code>
            </td>
            <td data-name={t("webhooks.attempt")}>{each.attempt}</td>
            <td data-name={t("webhooks.answer")}>
              {each.status ?? (each.fault ? t(`webhooks.fault.${each.fault}`) : "—")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Act = "secret" | "remove";

function Acts({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation("administration");
  const kept = useQueryClient();
  const go = useNavigate();
  const [act, setAct] = useState<Act | null>(null);
  const [secret, setSecret] = useState<NewSecret | null>(null);
  const [told, setTold] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const path = `/webhooks/${encodeURIComponent(webhook.webhook_id)}`;
  const renew = () => kept.invalidateQueries({ queryKey: ["webhooks"] });

  async function attempt(what: () => Promise<string>) {
    setFailure(null);
    try {
      setTold(await what());
      await renew();
    } catch (error) {
      setFailure(error);
    }
  }

  return (
    <>
      <div className="actions">
        <button
          type="button"
          onClick={() =>
            void attempt(async () => {
              await ask(`${path}/test`, { method: "POST", idempotencyKey: newKey() });
              return t("webhooks.pinged");
            })
          }
        >
          {t("webhooks.ping")}
        </button>
        <button
          type="button"
          onClick={() =>
            void attempt(async () => {
              await ask(path, { method: "PATCH", body: { enabled: !webhook.enabled } });
              return t(webhook.enabled ? "webhooks.nowOff" : "webhooks.nowOn");
            })
          }
        >
          {t(webhook.enabled ? "webhooks.turnOff" : "webhooks.turnOn")}
        </button>
        <button type="button" onClick={() => setAct("secret")}>
          {t("webhooks.rotate")}
        </button>
        <button type="button" onClick={() => setAct("remove")}>
          {t("webhooks.remove")}
        </button>
      </div>
      <p role="status">{told}</p>
      {failure !== null && <Failure error={failure} />}
      {act === "secret" && (
        <Confirm
          title={t("webhooks.rotate")}
          act={t("webhooks.rotate")}
          close={() => setAct(null)}
          perform={async () => {
            setSecret(
              await ask<NewSecret>(`${path}/secret`, { method: "POST", idempotencyKey: newKey() }),
            );
          }}
        >
          <p>{t("webhooks.rotateWhy")}</p>
        </Confirm>
      )}
      {act === "remove" && (
        <Confirm
          title={t("webhooks.remove")}
          act={t("webhooks.remove")}
          close={() => setAct(null)}
          perform={async () => {
            await ask(path, { method: "DELETE" });
            // The list alone: this page would ask for what is gone.
            await kept.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true });
            await go("/webhooks");
          }}
        >
          <p>{t("webhooks.removeWhy")}</p>
        </Confirm>
      )}
      {secret && (
        <ToldOnce
          title={t("webhooks.secret")}
          why={t("webhooks.secretUntil", { moment: moment(secret.previous_until) })}
          secret={secret.secret}
          close={() => setSecret(null)}
        />
      )}
    </>
  );
}
