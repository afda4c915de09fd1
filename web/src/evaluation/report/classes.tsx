/** The table of what was and what was answered, and each class against all others. */
import { useTranslation } from "react-i18next";
import { labelOf } from "../../language";
import { Intervals } from "../../plots/intervals";
import { whole } from "../../plots/numbers";
import { domainOf } from "../../plots/scale";
import { Scrolled } from "../../ui/scrolled";
import type { Report } from "./shape";

export function Confusion({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  const { titles, counts } = report.confusion;
  return (
    <section className="part">
      <h2>{t("report.confusion")}</h2>
      <p className="hint">{t("report.confusionNote")}</p>
      <Scrolled name={t("report.confusion")}>
        <table className="confusion">
          <thead>
            <tr>
              <td />
              {titles.map((title) => (
                <th key={title.en} scope="col">
                  {labelOf(title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {counts.map((row, place) => {
              const all = row.reduce((sum, count) => sum + count, 0);
              const title = titles[place];
              return (
                <tr key={title?.en}>
                  <th scope="row">{title && labelOf(title)}</th>
                  {row.map((count, column) => (
                    <td
                      key={titles[column]?.en}
                      className={`heat-${all > 0 ? Math.round((4 * count) / all) : 0}${column === place ? " right" : ""}`}
                    >
                      {whole(count)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

export function ByClass({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  const { keys, titles } = report.confusion;
  const titleOf = (key: string) => {
    const title = titles[keys.indexOf(key)];
    return title ? labelOf(title) : key;
  };
  const rows = report.byClass.map(({ key, area }) => ({
    key,
    name: titleOf(key),
    value: area.value,
    low: area.low,
    high: area.high,
  }));
  const values = rows.flatMap((row) => [row.value, row.low ?? row.value, row.high ?? row.value]);
  return (
    <section className="part">
      <h2>
        {t("report.byClass")} <small>{t("report.oneClass")}</small>
      </h2>
      <Intervals
        caption={t("report.byClass")}
        head={{ name: t("report.class"), value: t("report.value") }}
        rows={rows}
        domain={domainOf(values, { from: 0, to: 1 })}
      />
    </section>
  );
}
