/** One question: the doctor's advice once it is there, the first opinion, when to expect an answer. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Page as Frame } from "../../app/page";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { markRead } from "../asking";
import { when } from "../dates";
import { useMoleName } from "../mole-name";
import { molesQuery, questionQuery } from "../queries";
import { type Question, SIGNS } from "../shapes";
import { DoctorsAdvice } from "./advice";
import { FirstOpinion } from "./opinion";
import "../words";
import "./question.css";

export function Page() {
  const { t } = useTranslation("pocket");
  const { questionId = "" } = useParams();
  const question = useQuery(questionQuery(questionId));
  return (
    <Frame
      title={t(question.data?.advice ? "question.answered" : "question.title")}
      above={<Link to="/me/questions">{t("question.all")}</Link>}
    >
      {question.isPending && <Skeleton rows={4} />}
      {!question.data && question.isError && (
        <Failure error={question.error} retry={() => question.refetch()} />
      )}
      {question.data && <Known question={question.data} />}
    </Frame>
  );
}

function Known({ question }: { question: Question }) {
  const { t } = useTranslation("pocket");
  const { advice } = question;
  useReading(question);
  return (
    <>
      <OfMole question={question} />
      {advice ? (
        <DoctorsAdvice advice={advice} moleId={question.lesion_id} />
      ) : (
        <section className="notice" role="status">
          <h2>{t(question.overdue ? "question.late" : "question.sent")}</h2>
          <p>
            {question.overdue
              ? t("question.lateWhat")
              : t("question.by", { date: when(question.answer_by) })}
          </p>
          <p>{t("ask.doNotWait")}</p>
        </section>
      )}
      {/* The doctor's word stands alone: rules may have said something else before. */}
      {advice ? (
        <details>
          <summary>{t("opinion.before")}</summary>
          <FirstOpinion opinion={question.opinion} />
        </details>
      ) : (
        <FirstOpinion opinion={question.opinion} />
      )}
      <Told question={question} />
    </>
  );
}

/** Shown is read: the doctor may know it. That it cannot be told breaks nothing. */
function useReading({ question_id, advice }: Question): void {
  const client = useQueryClient();
  // One that the doctor corrects meanwhile has not been shown yet.
  const shown = advice && !advice.read_at ? advice.revision : null;
  useEffect(() => {
    if (shown === null) return;
    void markRead(question_id, shown)
      .then(() => client.invalidateQueries({ queryKey: ["me"] }))
      .catch(() => undefined);
  }, [shown, question_id, client]);
}

function OfMole({ question }: { question: Question }) {
  const mole = useQuery(molesQuery).data?.find(({ lesion_id }) => lesion_id === question.lesion_id);
  const nameOf = useMoleName();
  if (!mole) return null;
  return (
    <p className="of-mole">
      <Link to={`/me/moles/${encodeURIComponent(mole.lesion_id)}`}>{nameOf(mole)}</Link>
    </p>
  );
}

function Told({ question }: { question: Question }) {
  const { t } = useTranslation("pocket");
  return (
    <details>
      <summary>{t("question.told", { date: when(question.asked_at) })}</summary>
      <dl className="review">
        {SIGNS.filter((sign) => question.answers[sign]).map((sign) => (
          <div key={sign}>
            <dt>{t(`ask.signs.${sign}.short`)}</dt>
            <dd>{t(`ask.said.${question.answers[sign] ?? "unknown"}`)}</dd>
          </div>
        ))}
        {question.text && (
          <div>
            <dt>{t("ask.wordsShort")}</dt>
            <dd>{question.text}</dd>
          </div>
        )}
      </dl>
    </details>
  );
}
