/** Who the service works for: subgroups of patients, agreement with experts, and how long it takes. */
import { useTranslation } from "react-i18next";
import { labelOf } from "../../language";
import { Intervals } from "../../plots/intervals";
import { rounded, whole, withInterval } from "../../plots/numbers";
import { domainOf } from "../../plots/scale";
import { Scrolled } from "../../ui/scrolled";
import { GATE } from "./figures";
import type { Report } from "./shape";

export function Subgroups({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  const nameOf = useGroupName();
  const { groups, leftOut } = report;
  if (groups.length + leftOut.length === 0) return null;
  const values = groups.flatMap(({ auc }) => [
    auc.value,
    auc.low ?? auc.value,
    auc.high ?? auc.value,
  ]);
  return (
    <section className="part">
      <h2>{t("report.subgroups")}</h2>
      {groups.length > 0 && (
        <>
          <p className="hint">{t("report.subgroupsNote")}</p>
          <Intervals
            caption={t("report.subgroups")}
            head={{ name: t("report.subgroup"), value: t("report.value") }}
            domain={domainOf([...values, GATE], { from: 0, to: 1 })}
            against={{ value: GATE, name: t("report.gate", { gate: rounded(GATE, 2) }) }}
            rows={groups.map((group) => ({
              key: `${group.by} ${group.value}`,
              name: nameOf(group.by, group.value),
              note: t("report.numbers", {
                positives: group.positives,
                negatives: group.negatives,
              }),
              ...group.auc,
            }))}
          />
        </>
      )}
      {leftOut.length > 0 && (
        <details>
          <summary>{t("report.leftOut")}</summary>
          <ul className="bullets">
            {leftOut.map((each) => (
              <li key={`${each.by} ${each.value}`}>
                {nameOf(each.by, each.value)}. {labelOf(each.reason)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function useGroupName(): (by: string, value: string) => string {
  const { t } = useTranslation("evaluation");
  return (by, value) => {
    const dimensions: Readonly<Record<string, string>> = t("report.by", { returnObjects: true });
    const values: Readonly<Record<string, string>> = t("report.valueOf", { returnObjects: true });
    return `${dimensions[by] ?? by}: ${values[value] ?? value.replace("-", "–")}`;
  };
}

export function Experts({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  if (report.experts.length === 0) return null;
  return (
    <section className="part">
      <h2>{t("report.experts")}</h2>
      <Scrolled name={t("report.experts")}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("report.expert")}</th>
              <th scope="col">{t("report.readings")}</th>
              <th scope="col">{t("report.agreement")}</th>
              <th scope="col">{t("report.kappa")}</th>
            </tr>
          </thead>
          <tbody>
            {report.experts.map(({ reader, readings, agreement, kappa }) => (
              <tr key={reader}>
                <th scope="row">{reader}</th>
                <td>{whole(readings)}</td>
                <td>
                  {agreement ? withInterval(agreement.value, agreement.low, agreement.high) : "—"}
                </td>
                <td>{kappa === null ? "—" : rounded(kappa, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

export function Seconds({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  const { seconds } = report;
  if (!seconds) {
    return (
      <section className="part">
        <h2>{t("report.time")}</h2>
        <p>{t("report.noTime")}</p>
      </section>
    );
  }
  const facts: [string, number | null][] = [
    [t("report.median"), seconds.median],
    [t("report.p95"), seconds.p95],
    [t("report.worst"), seconds.worst],
    [t("report.claimedSeconds"), seconds.claimed],
  ];
  return (
    <section className="part">
      <h2>{t("report.time")}</h2>
      <dl className="facts counts">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{rounded(value, value < 10 ? 2 : 0)}</dd>
              </div>
            ),
        )}
      </dl>
      <p className="hint">{t("report.timeNote", { units: whole(seconds.units) })}</p>
    </section>
  );
}
