/** One question: the photographs and what they tell, what the patient noticed, and the doctor's advice. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Page } from "../../app/page";
import { labelOf } from "../../language";
import { deadline, moment } from "../../language/format";
import { useChoiceName } from "../../patients/words";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import "../words";
import "./questions.css";
import { AdviceForm } from "./advice-form";
import { Given } from "./given";
import { Measured } from "./measured";
import { Photographs } from "./photographs";
import { type Question, questionQuery, type Said } from "./queries";

export function QuestionPage() {
  const { t } = useTranslation("follow_up");
  const { questionId = "" } = useParams();
  const query = useQuery(questionQuery(questionId));
  const back = <Link to="/questions">← {t("questions.title")}</Link>;
  if (query.data) return <Shown question={query.data} back={back} />;
  return (
    <Page title={t("questions.one")} above={back}>
      {query.isPending ? (
        <Skeleton />
      ) : (
        <Failure error={query.error} retry={() => query.refetch()} />
      )}
    </Page>
  );
}

function Shown({ question, back }: { question: Question; back: React.ReactNode }) {
  const { t } = useTranslation("follow_up");
  const nameOf = useChoiceName();
  return (
    <Page
      title={nameOf("site", question.site)}
      above={back}
      aside={
        <Link
          className="button"
          to={`/patients/${question.patient_id}/lesions/${question.lesion_id}?view=timeline`}
        >
          {t("questions.toLesion")}
        </Link>
      }
    >
      <p>
        {t("questions.asked", { at: moment(question.asked_at) })}
        {question.state === "open" && ` ${t("questions.by", { at: deadline(question.answer_by) })}`}
        {question.overdue && <strong className="overdue">{t("questions.overdue")}</strong>}
      </p>
      <Photographs imageIds={question.image_ids} />
      <div className="question-columns">
        <div>
          <First question={question} />
          <Answers question={question} />
          <Measured measured={question.measured} />
        </div>
        <div>
          {question.advice ? (
            <Given question={question} advice={question.advice} />
          ) : (
            <AdviceForm question={question} />
          )}
        </div>
      </div>
    </Page>
  );
}

/** What the system said at once, by written rules. */
function First({ question }: { question: Question }) {
  const { t } = useTranslation("follow_up");
  const { advice, reasons, rules } = question.opinion;
  return (
    <section>
      <h2>{t("questions.firstTitle")}</h2>
      <p className="verdict">{t(`questions.first.${advice}`)}</p>
      <ul className="plain-list">
        {reasons.map(({ key, text }) => (
          <li key={key}>{labelOf(text)}</li>
        ))}
      </ul>
      <small>{t("questions.rules", { version: rules })}</small>
    </section>
  );
}

const ASKED = ["itching", "bleeding", "growth", "colour", "pain", "new", "unlike_others"] as const;

function Answers({ question }: { question: Question }) {
  const { t } = useTranslation("follow_up");
  const { answers, text } = question;
  return (
    <section>
      <h2>{t("questions.answers")}</h2>
      <table className="list answers">
        <tbody>
          {ASKED.filter((each) => answers[each] !== undefined).map((each) => (
            <tr key={each} data-said={answers[each]}>
              <th scope="row">{t(`questions.about.${each}`)}</th>
              <td>{t(`questions.said.${saidOf(answers[each])}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {text && (
        <figure className="own-words">
          <figcaption>{t("questions.ownWords")}</figcaption>
          <blockquote>{text}</blockquote>
        </figure>
      )}
    </section>
  );
}

function saidOf(said: string | undefined): Said {
  return said === "yes" || said === "no" ? said : "unknown";
}
