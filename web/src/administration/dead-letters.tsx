/** What was given up on: messages that no function took, to be sent again or thrown away. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import { Page } from "../app/page";
import { counted, moment } from "../language/format";
import { Confirm } from "../ui/confirm";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { deadLettersQuery } from "./queries";
import type { DeadQueue, Letter, SentAgain } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./administration.css";

export function DeadLettersPage() {
  const { t } = useTranslation("administration");
  const query = useQuery(deadLettersQuery);
  const [sent, setSent] = useState<SentAgain | null>(null);
  const queues = query.data?.items.filter((each) => each.count > 0) ?? [];
  return (
    <Page
      title={t("letters.title")}
      aside={
        <button type="button" disabled={query.isFetching} onClick={() => void query.refetch()}>
          {t("letters.again")}
        </button>
      }
    >
      <p className="measure hint">{t("letters.why")}</p>
      <div role="status">
        {sent && (
          <p className="notice">
            {t("letters.sent", { sent: sent.sent, left: sent.left, unknown: sent.unknown })}
          </p>
        )}
      </div>
      {query.isPending && <Skeleton />}
      {query.isError && !query.data && (
        <Failure error={query.error} retry={() => query.refetch()} />
      )}
      {query.data && queues.length === 0 && (
        <Empty title={t("letters.empty")}>
          <p>{t("letters.emptyWhy")}</p>
        </Empty>
      )}
      {queues.map((queue) => (
        <Queue key={queue.queue} queue={queue} sentAgain={setSent} />
      ))}
    </Page>
  );
}

interface Laid {
  queue: DeadQueue;
  sentAgain: (sent: SentAgain) => void;
}

function Queue({ queue, sentAgain }: Laid) {
  const { t } = useTranslation("administration");
  const kept = useQueryClient();
  const [sending, setSending] = useState(false);
  const [dropping, setDropping] = useState<Letter | null>(null);
  const path = `/dead-letters/${encodeURIComponent(queue.queue)}`;
  const renew = () => kept.invalidateQueries({ queryKey: ["dead-letters"] });
  return (
    <section className="admin-queue">
      <header className="page-head">
        <h2>
          <code>{queue.queue}</code>{" "}
          <small>{counted(queue.count, t("letters.count", { returnObjects: true }))}</small>
        </h2>
        <button type="button" onClick={() => setSending(true)}>
          {t("letters.redrive")}
        </button>
      </header>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{t("letters.subject")}</th>
            <th scope="col">{t("letters.sentAt")}</th>
            <th scope="col">{t("letters.tries")}</th>
            <th scope="col">{t("letters.error")}</th>
            <th scope="col">
              <span className="unseen">{t("acts")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {queue.letters.map((letter) => (
            <tr key={letter.letter_id}>
              <th scope="row">
                {letter.subject ? <code>{letter.subject}</code> : t("letters.stranger")}
              </th>
              <td data-name={t("letters.sentAt")}>{moment(letter.sent_at)}</td>
              <td data-name={t("letters.tries")}>{letter.receive_count}</td>
              <td data-name={t("letters.error")}>
                {letter.error ? <code>{letter.error}</code> : "—"}
              </td>
              <td>
                <button type="button" onClick={() => setDropping(letter)}>
                  {t("letters.drop")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {queue.letters.length < queue.count && (
        <p className="hint">{t("letters.first", { shown: queue.letters.length })}</p>
      )}
      {sending && (
        <Confirm
          title={t("letters.redrive")}
          act={t("letters.redrive")}
          close={() => setSending(false)}
          perform={async () => {
            sentAgain(await ask<SentAgain>(`${path}/redrive`, { method: "POST" }));
            await renew();
          }}
        >
          <p>{t("letters.redriveWhy")}</p>
        </Confirm>
      )}
      {dropping && (
        <Confirm
          title={t("letters.drop")}
          act={t("letters.drop")}
          close={() => setDropping(null)}
          perform={async () => {
            const letter = encodeURIComponent(dropping.letter_id);
            await ask(`${path}/${letter}`, { method: "DELETE" });
            await renew();
          }}
        >
          <p>{t("letters.dropWhy")}</p>
        </Confirm>
      )}
    </section>
  );
}
