/** What a case has come to, by which rule, and how it stands. */
import { useTranslation } from "react-i18next";
import { useClassName } from "../images/opinion";
import { moment } from "../language/format";
import { coefficient, span } from "./format";
import type { Case, Verdict } from "./shapes";

export function CaseStanding({ of }: { of: Case }) {
  const { t } = useTranslation("oversight");
  const named = useVerdict();
  const { verdict, by_readings: byReadings } = of;
  const outranked = byReadings && byReadings.diagnosis !== verdict?.diagnosis;
  return (
    <>
      <div className="case-verdict">
        <p className="case-state" data-state={of.state}>
          {t(`cases.states.${of.state}`)}
          {of.gold && <span className="mark">{t("cases.isGold")}</span>}
        </p>
        {verdict && <p className="verdict">{named(verdict)}</p>}
        {verdict && (
          <p className="hint">
            {t(`cases.rules.${verdict.rule}`)}; {t(`cases.verification.${verdict.verification}`)}
          </p>
        )}
        {outranked && <p>{t("cases.byReadings", { verdict: named(byReadings) })}</p>}
        {of.no_reader_since && (
          <p className="notice">
            {t("cases.noReaderSince", { moment: moment(of.no_reader_since) })}
          </p>
        )}
      </div>
      <dl className="facts narrow">
        <div>
          <dt>{t("cases.since")}</dt>
          <dd>{span(of.waited_seconds)}</dd>
        </div>
        <div>
          <dt>{t("cases.created")}</dt>
          <dd>{moment(of.created_at)}</dd>
        </div>
        <div>
          <dt>{t("cases.priority")}</dt>
          <dd title={t("cases.priorityWhy")}>{coefficient(of.priority)}</dd>
        </div>
      </dl>
    </>
  );
}

/** A verdict's diagnosis in words; a disputed case has none. */
export function useVerdict(): (verdict: Verdict) => string {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  return ({ diagnosis }) => (diagnosis ? nameOf(diagnosis) : t("cases.disputedVerdict"));
}
