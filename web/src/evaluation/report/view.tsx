/** The report of a test: the verdict and why, then every figure with its interval. */
import { useTranslation } from "react-i18next";
import { labelOf } from "../../language";
import { whole } from "../../plots/numbers";
import { Calibration } from "./calibration";
import { ByClass, Confusion } from "./classes";
import { Claims, Figures } from "./figures";
import { Functional } from "./functional";
import { Roc } from "./roc";
import type { Report } from "./shape";
import { Experts, Seconds, Subgroups } from "./subgroups";
import "./report.css";

export function ReportView({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  return (
    <div className="report">
      <Verdict report={report} />
      <Counts report={report} />
      {report.functional && <Functional units={report.functional} />}
      {report.functional ? (
        // A functional test asks whether images are processed: its few units measure no quality.
        <details>
          <summary>{t("report.besides")}</summary>
          <Quality report={report} />
        </details>
      ) : (
        <Quality report={report} />
      )}
      <Seconds report={report} />
    </div>
  );
}

function Quality({ report }: { report: Report }) {
  return (
    <>
      <Figures report={report} />
      {report.deviations.length > 0 && <Claims report={report} />}
      <div className="report-plots">
        {report.roc.length > 1 && report.target && <Roc report={report} />}
        {report.calibration.bins.length > 0 && <Calibration report={report} />}
      </div>
      {report.confusion.titles.length > 0 && <Confusion report={report} />}
      {report.byClass.length > 0 && <ByClass report={report} />}
      <Subgroups report={report} />
      <Experts report={report} />
    </>
  );
}

/** Which way the test went, and each condition with the way it went: in words and by a sign, never by colour alone. */
function Verdict({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  return (
    <section className={report.passed ? "verdict-box" : "verdict-box refused"}>
      <h2>{t(report.passed ? "report.passed" : "report.failed")}</h2>
      <ul className="reasons">
        {report.reasons.map(({ passed, words }) => (
          <li key={words.en} className={passed ? "met" : "unmet"}>
            <span className="unseen">{t(passed ? "report.yes" : "report.no")}: </span>
            {labelOf(words)}
          </li>
        ))}
      </ul>
      <p className="hint">{t("report.how")}</p>
    </section>
  );
}

const COUNTS = [
  "units",
  "positives",
  "negatives",
  "defects",
  "refused",
  "unanswered",
  "withdrawn",
] as const;

function Counts({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  const shown = COUNTS.filter(
    (name) => report.counts[name] > 0 || name === "units" || name === "refused",
  );
  return (
    <dl className="facts counts">
      {shown.map((name) => (
        <div key={name}>
          <dt>{t(`report.counts.${name}`)}</dt>
          <dd>{whole(report.counts[name])}</dd>
        </div>
      ))}
    </dl>
  );
}
