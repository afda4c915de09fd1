/** The first opinion by written rules: careful words, its reasons, and what it is not. */
import { useTranslation } from "react-i18next";
import { labelOf } from "../../language";
import type { Opinion } from "../shapes";

const KNOWN = ["see_doctor_soon", "show_at_next_visit", "cannot_tell"] as const;

export function FirstOpinion({ opinion }: { opinion: Opinion }) {
  const { t } = useTranslation("pocket");
  const { t: common } = useTranslation();
  const advice = KNOWN.find((each) => each === opinion.advice) ?? "cannot_tell";
  return (
    <section className="opinion-first" data-advice={advice}>
      <h2>{t("opinion.title")}</h2>
      <p className="verdict">{t(`opinion.${advice}.what`)}</p>
      <p>{t(`opinion.${advice}.next`)}</p>
      {opinion.reasons.length > 0 && (
        <>
          <h3>{t("opinion.reasons")}</h3>
          <ul className="reasons">
            {opinion.reasons.map((reason) => (
              <li key={reason.key}>{labelOf(reason.text)}</li>
            ))}
          </ul>
        </>
      )}
      <p className="not-diagnosis">
        <strong>{common("notADiagnosis")}</strong> {t("opinion.means")}
      </p>
    </section>
  );
}
