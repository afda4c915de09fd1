/** What the doctor answered, how soon that is meant, and what to do when nobody is there. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { moment } from "../../language/format";
import type { Advice, Urgency } from "../shapes";

const KNOWN: readonly Urgency[] = ["urgent", "soon", "next_visit", "watch"];

export function DoctorsAdvice({ advice, moleId }: { advice: Advice; moleId: string }) {
  const { t } = useTranslation("pocket");
  const urgency = KNOWN.find((each) => each === advice.urgency) ?? "soon";
  return (
    <section className="advice" data-urgency={urgency}>
      <h2>{t("advice.title")}</h2>
      {advice.corrected_at && (
        <p className="notice">{t("advice.corrected", { moment: moment(advice.corrected_at) })}</p>
      )}
      <p className="verdict">{t(`advice.urgency.${urgency}`)}</p>
      <blockquote>{advice.text}</blockquote>
      <p className="hint">{t("advice.at", { moment: moment(advice.answered_at) })}</p>
      {urgency === "urgent" && <Urgent />}
      {urgency === "watch" && (
        <Link className="button large" to={`/me/photograph?mole=${encodeURIComponent(moleId)}`}>
          {t("mole.photograph")}
        </Link>
      )}
      <p>{t("advice.changes")}</p>
    </section>
  );
}

/** Someone who is told "urgent" must not be left with a clinic that does not pick up the telephone. */
function Urgent() {
  const { t } = useTranslation("pocket");
  return (
    <div className="notice">
      <h3>{t("advice.how")}</h3>
      <ol className="numbered">
        {(["clinic", "nobody", "today"] as const).map((each) => (
          <li key={each}>{t(`advice.urgentHow.${each}`)}</li>
        ))}
      </ol>
    </div>
  );
}
