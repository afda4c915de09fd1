/** All computations of a report: with whose labels, and what became of the result. */
import { useTranslation } from "react-i18next";
import { moment } from "../../language/format";
import { estimate, rounded, whole } from "../../plots/numbers";
import { Scrolled } from "../../ui/scrolled";
import type { EvaluationView } from "../queries";

export function Computations({ reports }: { reports: EvaluationView["reports"] }) {
  const { t } = useTranslation("evaluation");
  return (
    <>
      <Scrolled name={t("report.history")}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("report.number")}</th>
              <th scope="col">{t("report.computed")}</th>
              <th scope="col">{t("report.labelsOf")}</th>
              <th scope="col">{t("report.units")}</th>
              <th scope="col">AUC</th>
              <th scope="col">{t("report.change")}</th>
              <th scope="col">{t("report.result")}</th>
            </tr>
          </thead>
          <tbody>
            {reports.map((each, place) => (
              <tr key={each.number}>
                <td>{each.number}</td>
                <td>{moment(each.computed_at)}</td>
                <td>{each.labels_of}</td>
                <td>{whole(each.units)}</td>
                <td>{each.auc === null ? "—" : estimate(each.auc)}</td>
                <td>{changeOf(each.auc, reports[place - 1]?.auc)}</td>
                <td>{t(each.passed ? "passed" : "failed")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      {reports.length > 1 && <p className="hint">{t("report.latest")}</p>}
    </>
  );
}

function changeOf(now: number | null, before: number | null | undefined): string {
  if (now === null || before === null || before === undefined) return "—";
  const change = now - before;
  const sign = change > 0 ? "+" : change < 0 ? "−" : "";
  return sign + rounded(Math.abs(change));
}
