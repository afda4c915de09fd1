/** All questions, the newest first: what was answered, what is still waited for. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page as Frame } from "../../app/page";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { when } from "../dates";
import { useMoleName } from "../mole-name";
import { molesQuery, questionsQuery } from "../queries";
import type { Question } from "../shapes";
import { WaitingList } from "../waiting-list";
import "../words";
import "./question.css";

export function Page() {
  const { t } = useTranslation("pocket");
  const questions = useQuery(questionsQuery);
  const list = [...(questions.data ?? [])].sort((a, b) => b.asked_at.localeCompare(a.asked_at));
  return (
    <Frame title={t("questions.title")}>
      <WaitingList />
      {questions.isPending && <Skeleton rows={3} />}
      {!questions.data && questions.isError && (
        <Failure error={questions.error} retry={() => questions.refetch()} />
      )}
      {questions.data && list.length === 0 && (
        <Empty title={t("questions.empty")}>
          <p>{t("questions.emptyWhy")}</p>
        </Empty>
      )}
      {list.length > 0 && (
        <ul className="questions">
          {list.map((question) => (
            <One key={question.question_id} question={question} />
          ))}
        </ul>
      )}
    </Frame>
  );
}

function One({ question }: { question: Question }) {
  const { t } = useTranslation("pocket");
  const moles = useQuery(molesQuery).data;
  const nameOf = useMoleName();
  const mole = moles?.find(({ lesion_id }) => lesion_id === question.lesion_id);
  const { advice } = question;
  const corrected = advice?.corrected_at ? "questions.corrected" : "questions.unread";
  const standing = advice
    ? t(advice.read_at ? "questions.answered" : corrected)
    : t("questions.open", { date: when(question.answer_by) });
  return (
    <li data-unread={advice !== null && !advice.read_at}>
      <Link to={`/me/questions/${encodeURIComponent(question.question_id)}`}>
        <strong>{mole ? nameOf(mole) : t("mole.title")}</strong>
        <span>{standing}</span>
        <small>{t("questions.asked", { date: when(question.asked_at) })}</small>
      </Link>
    </li>
  );
}
