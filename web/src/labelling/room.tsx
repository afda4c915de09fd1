/** The reading room: the image first, hands on keys, nothing that could sway. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { accountQuery } from "../api/queries";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { answerOf } from "./answer";
import { Case } from "./case";
import { Done } from "./done";
import { OutboxBar } from "./outbox-bar";
import { Acceptance } from "./protocol-page";
import { protocolQuery } from "./queries";
import { useAnswers } from "./use-answers";
import { useHand } from "./use-hand";
import { useKeys } from "./use-keys";
import { useOutbox } from "./use-outbox";
import "./words";
import "./reading.css";
import "./protocol.css";

export function Readings() {
  const account = useQuery(accountQuery).data;
  const protocol = useQuery(protocolQuery);
  if (!account || protocol.isPending) return <Skeleton rows={1} shape="tile" />;
  if (!protocol.data) return <Failure error={protocol.error} retry={() => protocol.refetch()} />;
  if (!protocol.data.accepted) return <Acceptance protocol={protocol.data} />;
  return <Room account={account.account_id} />;
}

function Room({ account }: { account: string }) {
  const { t } = useTranslation("reading");
  const { outbox, contents } = useOutbox(account);
  const { query, open, item, drop, bring, renewLink } = useHand(contents);
  const { answerFor, say } = useAnswers(account);
  const [told, setTold] = useState("");
  const [here, setHere] = useState(0);
  useTitle(t("title"));

  const undo = () => {
    const taken = outbox.undo();
    if (!taken) {
      setTold(t("undo.none"));
      return;
    }
    say(taken.assignmentId, answerOf(taken.form));
    bring(taken.assignmentId);
    setHere((count) => Math.max(count - 1, 0));
    setTold(t("undo.done"));
  };
  useKeys(item === null, false, (act) => {
    if (act.do !== "undo") return false;
    undo();
  });
  const bar = <OutboxBar outbox={outbox} contents={contents} undo={undo} />;

  if (query.isPending) return <Skeleton rows={1} shape="tile" />;
  if (!query.data) return <Failure error={query.error} retry={() => query.refetch()} />;
  return (
    <div className="room" data-empty={item === null}>
      <p className="unseen" role="status">
        {told}
      </p>
      {item ? (
        <Case
          item={item}
          left={open.length}
          answer={answerFor(item.assignment_id)}
          say={(answer) => say(item.assignment_id, answer)}
          send={(form) => {
            outbox.put(item.assignment_id, form);
            drop(item.assignment_id);
            say(item.assignment_id, null);
            setHere((count) => count + 1);
          }}
          undo={undo}
          gone={(why) => {
            drop(item.assignment_id);
            say(item.assignment_id, null);
            setTold(why);
            void query.refetch();
          }}
          renewLink={() => renewLink(item.assignment_id)}
          tell={setTold}
          bar={bar}
        />
      ) : (
        <>
          {bar}
          <Done here={here} />
        </>
      )}
    </div>
  );
}

function useTitle(title: string): void {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title, t]);
}
