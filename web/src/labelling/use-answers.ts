/** What is being said of each image; it outlives a closed tab until it is sent. */
import { useCallback, useState } from "react";
import { type Answer, isUnsaid, UNSAID } from "./answer";
import { keep, readKept } from "./storage";

const NAME = "reading-drafts";
/** No reader leaves more half said; older ones go first. */
const MOST = 50;

type Drafts = Readonly<Record<string, Answer>>;

export function useAnswers(account: string) {
  const [drafts, setDrafts] = useState<Drafts>(() => readKept<Drafts>(NAME, account) ?? {});
  const say = useCallback(
    (assignmentId: string, answer: Answer | null) => {
      setDrafts((now) => {
        const { [assignmentId]: _, ...others } = now;
        const next =
          answer === null || isUnsaid(answer) ? others : { ...others, [assignmentId]: answer };
        const kept = Object.fromEntries(Object.entries(next).slice(-MOST));
        keep(NAME, account, Object.keys(kept).length > 0 ? kept : null);
        return kept;
      });
    },
    [account],
  );
  const answerFor = (assignmentId: string): Answer => ({ ...UNSAID, ...drafts[assignmentId] });
  return { answerFor, say };
}
