/** A question to the doctor, one thing a page: photographs, what a doctor would ask, one's own words. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { Page as Frame } from "../../app/page";
import type { Ref } from "../keeping/tasks";
import { add, madeOf, sendNow, useWaiting } from "../keeping/waiting";
import { useMoleName } from "../mole-name";
import { meQuery, molesQuery } from "../queries";
import { type Answers, type Said, SIGNS } from "../shapes";
import { WaitingList } from "../waiting-list";
import { Choices } from "./choices";
import { Review } from "./review";
import { Sign } from "./sign";
import { Words } from "./words-page";
import "../words";
import "./question.css";

type Stage = "photographs" | number | "words" | "review" | "kept";

/** More than this a doctor does not look through for one answer, and the system does not take. */
export const MOST_IMAGES = 6;

export function Page() {
  const { t } = useTranslation("pocket");
  const { moleId = "" } = useParams();
  const task = useSearchParams()[0].get("task");
  const of: Ref = moleId === "new" && task ? { task } : { id: moleId };
  const mole = useQuery(molesQuery).data?.find(({ lesion_id }) => lesion_id === moleId);
  const me = useQuery(meQuery).data;
  const nameOf = useMoleName();
  const [stage, setStage] = useState<Stage>("photographs");
  const [images, setImages] = useState<Ref[] | null>(null);
  const [answers, setAnswers] = useState<Answers>({});
  const [text, setText] = useState("");
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState("");
  const go = useNavigate();

  useEffect(() => {
    if (stage === "photographs") return;
    scrollTo(0, 0);
    document.querySelector<HTMLElement>("h1")?.focus();
  }, [stage]);

  async function send() {
    setBusy(true);
    setFailed(false);
    try {
      const words = text.trim();
      const id = await add({
        kind: "question",
        of,
        images: images ?? [],
        answers,
        ...(words ? { text: words } : {}),
      });
      setAsked(id);
      await sendNow();
      const made = madeOf(id);
      if (made) await go(`/me/questions/${encodeURIComponent(made)}`, { replace: true });
      else setStage("kept");
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  }

  function said(answer: Said) {
    if (typeof stage !== "number") return;
    const sign = SIGNS[stage];
    if (sign) setAnswers({ ...answers, [sign]: answer });
    setStage(stage + 1 < SIGNS.length ? stage + 1 : "words");
  }

  const sign = typeof stage === "number" ? SIGNS[stage] : undefined;
  const title = sign ? t(`ask.signs.${sign}.title`) : t(`ask.${stage as "photographs"}`);
  return (
    <Frame
      title={title}
      above={
        stage === "photographs" || stage === "kept" ? (
          <Link to="/me">{t("back")}</Link>
        ) : (
          <button type="button" className="link" onClick={() => setStage(before(stage))}>
            {t("ask.before")}
          </button>
        )
      }
    >
      {mole && <p className="of-mole">{nameOf(mole)}</p>}
      {typeof stage === "number" && (
        <p className="hint">{t("ask.step", { step: stage + 1, of: SIGNS.length })}</p>
      )}
      {me?.can_ask === false && <p className="notice">{t("ask.cannot")}</p>}
      {stage === "photographs" && (
        <Choices
          of={of}
          images={mole?.images ?? []}
          chosen={images}
          choose={setImages}
          go={() => setStage(0)}
          blocked={me?.can_ask === false}
        />
      )}
      {sign && <Sign key={sign} sign={sign} answer={answers[sign]} said={said} />}
      {stage === "words" && <Words text={text} change={setText} go={() => setStage("review")} />}
      {stage === "review" && (
        <Review
          photographs={images?.length ?? 0}
          answers={answers}
          text={text.trim()}
          days={me?.answer_within_days}
          busy={busy}
          failed={failed}
          change={(at) => setStage(at)}
          send={() => void send()}
        />
      )}
      {stage === "kept" && <Kept task={asked} />}
    </Frame>
  );
}

function before(stage: Stage): Stage {
  if (stage === "review") return "words";
  if (stage === "words") return SIGNS.length - 1;
  return typeof stage === "number" && stage > 0 ? stage - 1 : "photographs";
}

/** The question waits in the queue; once it has gone, its own page opens. */
function Kept({ task }: { task: string }) {
  const { t } = useTranslation("pocket");
  const { stopped, made } = useWaiting();
  const go = useNavigate();
  const question = made[task];
  useEffect(() => {
    if (question) void go(`/me/questions/${encodeURIComponent(question)}`, { replace: true });
  }, [question, go]);
  return (
    <>
      <p className="lead" role="status">
        {t(stopped === "soon" ? "waiting.soon" : "ask.keptWhy")}
      </p>
      <WaitingList />
      <p>{t("ask.doNotWait")}</p>
      <Link className="button large" to="/me">
        {t("back")}
      </Link>
    </>
  );
}
