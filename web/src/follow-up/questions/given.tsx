/** The answer that the patient has, the way to correct it, and what it was before. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { moment } from "../../language/format";
import { CorrectAdvice } from "./correcting";
import type { Advice, Correction, Question } from "./queries";

export function Given({ question, advice }: { question: Question; advice: Advice }) {
  const { t } = useTranslation("follow_up");
  const [correcting, setCorrecting] = useState(false);
  return (
    <section aria-labelledby="advice">
      <h2 id="advice">{t("advice.given")}</h2>
      <p className="verdict">{t(`advice.urgency.${advice.urgency}`)}</p>
      <p className="said measure">{advice.text}</p>
      <small>
        {t("advice.answered", { at: moment(advice.answered_at) })}{" "}
        {advice.corrected_at && `${t("advice.corrected", { at: moment(advice.corrected_at) })} `}
        {advice.read_at ? t("advice.read", { at: moment(advice.read_at) }) : t("advice.unread")}
      </small>
      <Former history={question.history} />
      <div className="actions">
        <button type="button" onClick={() => setCorrecting(true)}>
          {t("advice.correct")}
        </button>
      </div>
      {correcting && (
        <CorrectAdvice
          questionId={question.question_id}
          advice={advice}
          close={() => setCorrecting(false)}
        />
      )}
    </section>
  );
}

/** What the patient was told before, the latest first, and whether he had read it. */
function Former({ history }: { history: readonly Correction[] }) {
  const { t } = useTranslation("follow_up");
  if (history.length === 0) return null;
  return (
    <details>
      <summary>{t("advice.former", { number: history.length })}</summary>
      <ol className="former">
        {[...history].reverse().map(({ at, was }) => (
          <li key={at}>
            <strong>{t(`advice.urgency.${was.urgency}`)}</strong>
            <p className="said measure">{was.text}</p>
            <small>
              {t("advice.replaced", { at: moment(at) })}{" "}
              {was.read_at
                ? t("advice.formerRead", { at: moment(was.read_at) })
                : t("advice.formerUnread")}
            </small>
          </li>
        ))}
      </ol>
    </details>
  );
}
