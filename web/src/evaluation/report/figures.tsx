/** The main figures with their intervals, and what was claimed beside what was measured. */
import { useTranslation } from "react-i18next";
import { Intervals } from "../../plots/intervals";
import { estimate, interval, rounded, share } from "../../plots/numbers";
import { domainOf } from "../../plots/scale";
import { Scrolled } from "../../ui/scrolled";
import type { Area, At, Report } from "./shape";

/** The second paper's threshold: the AUC of the target must not be lower. */
export const GATE = 0.81;
const WORSE_BY = 0.1;

export function Figures({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  const rows = [
    area("target", t("report.auc"), report.target, noteOf(report.target)),
    area(
      "macro",
      t("report.macro"),
      report.byClass.length > 2 ? report.macro : null,
      undefined,
      true,
    ),
    area(
      "answered",
      t("report.answered"),
      report.counts.refused + report.counts.unanswered > 0 ? report.answered : null,
      t("report.answeredNote"),
      true,
    ),
    ...at("claimed", report.claimed, (threshold, named) =>
      t(named ? "report.at" : "report.atDefault", { threshold }),
    ),
    ...at("youden", report.youden, (threshold) => t("report.youden", { threshold })),
  ].filter((each) => each !== null);
  function noteOf(found: Area | null) {
    const bootstrap = found?.bootstrap;
    return bootstrap
      ? t("report.aucNote", { bootstrap: interval(bootstrap.low, bootstrap.high) })
      : undefined;
  }
  function at(key: string, found: At | null, note: (threshold: string, named: boolean) => string) {
    if (!found) return [];
    const said = note(rounded(found.threshold, 2), found.named);
    return [
      {
        key: `${key}-1`,
        name: t("report.sensitivity"),
        note: said,
        free: true,
        ...found.sensitivity,
      },
      {
        key: `${key}-2`,
        name: t("report.specificity"),
        note: said,
        free: true,
        ...found.specificity,
      },
    ];
  }
  if (rows.length === 0) return null;
  const values = rows.flatMap((row) => [row.value, row.low ?? row.value, row.high ?? row.value]);
  return (
    <section className="part">
      <h2>{t("report.figures")}</h2>
      <Intervals
        caption={t("report.figures")}
        head={{ name: t("report.figure"), value: t("report.value") }}
        rows={rows}
        domain={domainOf([...values, GATE], { from: 0, to: 1 })}
        against={{ value: GATE, name: t("report.gate", { gate: rounded(GATE, 2) }) }}
      />
    </section>
  );
}

function area(key: string, name: string, found: Area | null, note?: string, free?: boolean) {
  return found && { key, name, note, free, value: found.value, low: found.low, high: found.high };
}

export function Claims({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  const nameOf = useMetricName();
  return (
    <section className="part">
      <h2>{t("report.claims")}</h2>
      <Scrolled name={t("report.claims")}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("report.figure")}</th>
              <th scope="col">{t("report.claimed")}</th>
              <th scope="col">{t("report.measured")}</th>
              <th scope="col">{t("report.worseBy")}</th>
            </tr>
          </thead>
          <tbody>
            {report.deviations.map((each) => (
              <tr key={each.metric}>
                <th scope="row">{nameOf(each.metric)}</th>
                <td>{rounded(each.claimed)}</td>
                <td>{estimate(each.measured)}</td>
                <td>
                  {each.worseBy === 0 ? (
                    t("report.notWorse")
                  ) : (
                    <span className={each.worseBy >= WORSE_BY ? "broken" : undefined}>
                      {share(Math.floor(each.worseBy * 1000) / 1000, 1)}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

function useMetricName(): (metric: string) => string {
  const { t } = useTranslation("evaluation");
  return (metric) => {
    const [first, ...of] = metric.split(".");
    const name = first === "sensitivity" || first === "specificity" ? t(`report.${first}`) : "AUC";
    return of.length > 0 ? `${name} (${of.join(".")})` : name;
  };
}
