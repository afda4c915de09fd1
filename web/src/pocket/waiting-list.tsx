/** What is on its way from this phone: how far it is, why it waits, and how to take it back. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { percent } from "../language/format";
import { Confirm } from "../ui/confirm";
import type { Waiting } from "./keeping/tasks";
import { cancel, type Room, retry, useWaiting } from "./keeping/waiting";
import "./words";

export function WaitingList() {
  const { t } = useTranslation("pocket");
  const room = useWaiting();
  if (!room.tasks || room.tasks.length === 0) return null;
  return (
    <section className="waiting-room" aria-label={t("waiting.title")}>
      <h2>{t("waiting.title")}</h2>
      <p role="status">{t(`waiting.${whyOf(room)}`)}</p>
      <ul className="rows">
        {room.tasks.map((each) => (
          <Row key={each.id} waiting={each} share={room.shares[each.id]} />
        ))}
      </ul>
    </section>
  );
}

function whyOf({ sending, stopped, tasks }: Room) {
  if (sending) return "sending";
  if (tasks?.every(({ standing }) => standing === "refused")) return "refused";
  if (stopped === "signed-out") return "signedOut";
  if (stopped === "soon") return "soon";
  return stopped === "later" && navigator.onLine ? "later" : "noNetwork";
}

function Row({ waiting, share }: { waiting: Waiting; share: number | undefined }) {
  const { t } = useTranslation("pocket");
  const { t: common } = useTranslation();
  const [asking, setAsking] = useState(false);
  const { id, task, refusal } = waiting;
  const name = t(`waiting.kinds.${task.kind}`);
  return (
    <li>
      {task.kind === "photograph" && <img src={task.preview} alt="" width="56" height="56" />}
      <div className="grow">
        <strong>{name}</strong>
        {share !== undefined && (
          <>
            <progress value={share} aria-label={name} />
            <small>{percent(share)}</small>
          </>
        )}
        {refusal && <p className="fault">{refusal.message || t("waiting.cannot")}</p>}
      </div>
      {refusal && (
        <button type="button" onClick={() => void retry(id)}>
          {common("retry")}
        </button>
      )}
      <button type="button" className="quiet" onClick={() => setAsking(true)}>
        {t("waiting.cancel")}
      </button>
      {asking && (
        <Confirm
          title={t("waiting.cancelTitle")}
          act={t("waiting.cancelAct")}
          perform={() => cancel(id)}
          close={() => setAsking(false)}
        >
          <p>{t(`waiting.cancelWhy.${task.kind}`)}</p>
        </Confirm>
      )}
    </li>
  );
}
