/** What patients ask: open questions first, the most pressing on top, and those answered. */
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { Page } from "../../app/page";
import { deadline, moment } from "../../language/format";
import { useChoiceName } from "../../patients/words";
import { Empty } from "../../ui/empty";
import { Listed } from "../../ui/listed";
import { Views } from "../../ui/tabs";
import "../words";
import "./questions.css";
import { type Brief, type QuestionState, questionsQuery } from "./queries";

const MINUTE = 60_000;

export function QuestionsPage() {
  const { t } = useTranslation("follow_up");
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") === "answered" ? "answered" : "open";
  const view = (key: QuestionState) => ({
    key,
    name: t(`questions.${key}`),
    content: <Questions state={key} />,
  });
  return (
    <Page title={t("questions.title")}>
      <Views
        label={t("questions.title")}
        views={[view("open"), view("answered")]}
        open={state}
        change={(key) => setSearch(key === "open" ? {} : { state: key }, { replace: true })}
      />
    </Page>
  );
}

function Questions({ state }: { state: QuestionState }) {
  const { t } = useTranslation("follow_up");
  return (
    <Listed
      query={questionsQuery(state)}
      every={MINUTE}
      empty={
        <Empty title={t(state === "open" ? "questions.noneOpen" : "questions.noneAnswered")}>
          <p>{t("questions.noneWhy")}</p>
        </Empty>
      }
    >
      {(items) => <Table items={items} state={state} />}
    </Listed>
  );
}

function Table({ items, state }: { items: readonly Brief[]; state: QuestionState }) {
  const { t } = useTranslation("follow_up");
  const nameOf = useChoiceName();
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("questions.lesion")}</th>
          <th scope="col">{t("questions.opinion")}</th>
          {state === "open" && <th scope="col">{t("questions.answerBy")}</th>}
          <th scope="col">{t("questions.askedAt")}</th>
          <th scope="col">{t("due.patient")}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((each) => (
          <tr key={each.question_id}>
            <th scope="row">
              <Link to={`/questions/${each.question_id}`}>{nameOf("site", each.site)}</Link>
            </th>
            <td data-name={t("questions.opinion")}>
              {each.opinion === "see_doctor_soon" ? (
                <strong>{t(`questions.first.${each.opinion}`)}</strong>
              ) : (
                t(`questions.first.${each.opinion}`)
              )}
            </td>
            {state === "open" && (
              <td data-name={t("questions.answerBy")}>
                {deadline(each.answer_by)}
                {each.overdue && <strong className="overdue">{t("questions.overdue")}</strong>}
              </td>
            )}
            <td data-name={t("questions.askedAt")}>{moment(each.asked_at)}</td>
            <td data-name={t("due.patient")}>
              <code>{each.patient_id.slice(-6)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
