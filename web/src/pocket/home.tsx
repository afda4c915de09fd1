/** The patient's first page: what is new, what waits, the body with its moles, and the camera. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { Page as Frame } from "../app/page";
import { BodyMap } from "../body/map";
import { counted } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { when } from "./dates";
import { useMoleName } from "./mole-name";
import { meQuery, molesQuery, questionsQuery } from "./queries";
import type { Me, Mole, Question } from "./shapes";
import { WaitingList } from "./waiting-list";
import "./words";

export function Page() {
  const { t } = useTranslation("pocket");
  const moles = useQuery(molesQuery);
  return (
    <Frame title={t("title")}>
      <News />
      <WaitingList />
      {moles.isPending && <Skeleton rows={3} />}
      {!moles.data && moles.isError && (
        <Failure error={moles.error} retry={() => moles.refetch()} />
      )}
      {moles.data?.every(({ images }) => images.length === 0) && <First />}
      {moles.data && moles.data.length > 0 && <OnBody moles={moles.data} />}
      <div className="shutter-bar">
        <Link className="button primary large" to="/me/photograph">
          <CameraMark />
          {t("home.photograph")}
        </Link>
      </div>
    </Frame>
  );
}

function CameraMark() {
  return (
    <svg viewBox="0 0 24 24" width="26" height="26" className="icon" aria-hidden="true">
      <path d="M3 8h4l2-3h6l2 3h4v11H3z" />
      <circle cx="12" cy="13" r="3.6" />
    </svg>
  );
}

/** Advice that is not read comes first, then questions that wait for an answer. */
function News() {
  const me = useQuery(meQuery).data;
  const expected = me && (me.advice_unread > 0 || me.questions_open > 0);
  const questions = useQuery({ ...questionsQuery, enabled: Boolean(expected) });
  // Where the button leads must not change under the finger.
  if (!me || !expected || questions.isPending) return null;
  return <Told me={me} questions={questions.data ?? []} />;
}

function Told({ me, questions }: { me: Me; questions: readonly Question[] }) {
  const { t } = useTranslation("pocket");
  const unread = questions.filter(({ advice }) => advice && !advice.read_at);
  const open = questions.filter(({ advice }) => !advice);
  const corrected = unread.length > 0 && unread.every(({ advice }) => advice?.corrected_at);
  const news = t(corrected ? "home.corrected" : "home.answered");
  const next = open.map(({ answer_by }) => answer_by).sort()[0];
  return (
    <>
      {me.advice_unread > 0 && (
        <section className="notice news" aria-label={news}>
          <h2>{news}</h2>
          <Link
            className="button primary"
            to={unread.length === 1 ? `/me/questions/${unread[0]?.question_id}` : "/me/questions"}
          >
            {t("home.read")}
          </Link>
        </section>
      )}
      {me.questions_open > 0 && (
        <p className="expected">
          {counted(me.questions_open, t("home.open", { returnObjects: true }))}.{" "}
          {next && t("home.answerBy", { date: when(next) })}{" "}
          <Link to="/me/questions">{t("home.see")}</Link>
        </p>
      )}
    </>
  );
}

function First() {
  const { t } = useTranslation("pocket");
  const me = useQuery(meQuery).data;
  return (
    <section className="first">
      <h2>{t("home.first")}</h2>
      <ol>
        <li>{t("home.firstPhotograph")}</li>
        <li>{t("home.firstPlace")}</li>
        <li>{t("home.firstAgain")}</li>
      </ol>
      {me?.clinic && <p>{t("home.firstAsk", { clinic: me.clinic.name })}</p>}
    </section>
  );
}

function OnBody({ moles }: { moles: readonly Mole[] }) {
  const { t } = useTranslation("pocket");
  const nameOf = useMoleName();
  const go = useNavigate();
  const placed = moles.flatMap((mole) =>
    mole.spot ? [{ ...mole.spot, id: mole.lesion_id, label: nameOf(mole) }] : [],
  );
  const numbers = new Map(placed.map(({ id }, index) => [id, index + 1]));
  const path = (id: string) => `/me/moles/${encodeURIComponent(id)}`;
  return (
    <div className="on-body">
      {placed.length > 0 && <BodyMap bare spots={placed} onChoose={(id) => void go(path(id))} />}
      <ul className="moles" aria-label={t("title")}>
        {moles.map((mole) => (
          <li key={mole.lesion_id}>
            <Link to={path(mole.lesion_id)}>
              <span className="body-number" aria-hidden="true">
                {numbers.get(mole.lesion_id) ?? "–"}
              </span>
              <span className="grow">
                <strong>{nameOf(mole)}</strong>
                <MoleFacts mole={mole} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function MoleFacts({ mole }: { mole: Mole }) {
  const { t } = useTranslation("pocket");
  const count = mole.images.length;
  return (
    <small>
      {count > 0 ? counted(count, t("photographs", { returnObjects: true })) : t("home.none")}
      {mole.last_taken_on && `, ${t("home.last", { date: when(mole.last_taken_on) })}`}
      {Boolean(mole.advice_unread) && <span className="unread"> · {t("home.answered")}</span>}
    </small>
  );
}
