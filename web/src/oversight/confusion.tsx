/** What two readers take for what: a table with the numbers in it, shaded by how many there are. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { vocabulariesQuery } from "../api/queries";
import { useClassName } from "../images/opinion";
import { whole } from "./format";
import { heatOf } from "./heat";
import type { ConfusedPair } from "./shapes";

const UNUSABLE = "unusable";

export function Confusion({ pairs }: { pairs: readonly ConfusedPair[] }) {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  const classes = useQuery(vocabulariesQuery).data?.classes.map(({ key }) => key) ?? [];
  const { labels, cells } = heatOf(pairs, [...classes, UNUSABLE]);
  const named = (label: string) => (label === UNUSABLE ? t("overview.unusable") : nameOf(label));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard where it is wider than the page
    <section className="heat-frame" tabIndex={0} aria-label={t("overview.confusion")}>
      <table className="heat">
        <thead>
          <tr>
            <td />
            {labels.map((label) => (
              <th key={label} scope="col">
                <span>{named(label)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cells.map((row, from) => (
            <tr key={labels[from]}>
              <th scope="row">{named(labels[from] ?? "")}</th>
              {from > 0 && <td className="heat-none" colSpan={from} />}
              {row.map(({ column, cases, level, agree }) => (
                <td
                  key={column}
                  data-level={level}
                  data-agree={agree}
                  title={`${named(labels[from] ?? "")}, ${named(column)}: ${whole(cases)}`}
                >
                  {cases > 0 ? whole(cases) : ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
