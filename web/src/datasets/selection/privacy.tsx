/** How patients are hidden among each other: what is told how exactly, and the rarest combinations. */
import { useTranslation } from "react-i18next";
import { whole } from "../../plots/numbers";
import { Scrolled } from "../../ui/scrolled";
import { capital, useName } from "../names";
import type { Combination, Privacy } from "./shapes";

const COLUMNS = ["age", "sex", "site", "skin_type"] as const;
const ROWS = 20;

export function PrivacyPart({ privacy }: { privacy: Privacy }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const lost = COLUMNS.filter((name) => (privacy.suppressed[name] ?? 0) > 0).map(
    (name) =>
      `${nameOf("dimension", name).toLocaleLowerCase()}: ${whole(privacy.suppressed[name] ?? 0)}`,
  );
  return (
    <details>
      <summary>{t("selection.privacy")}</summary>
      <p>
        {privacy.k > 1
          ? t("selection.privacyKept", { reached: privacy.reached, k: privacy.k })
          : t("selection.privacyNone")}
      </p>
      {lost.length > 0 && <p>{t("selection.privacyLost", { lost: lost.join("; ") })}</p>}
      {privacy.dropped > 0 && <p>{t("selection.privacyDropped", { dropped: privacy.dropped })}</p>}
      <h3>{t("selection.exactness")}</h3>
      <dl className="fact-list">
        {COLUMNS.filter((name) => privacy.levels[name]).map((name) => (
          <div key={name}>
            <dt>{nameOf("dimension", name)}</dt>
            <dd>{nameOf("precision", privacy.levels[name] ?? "")}</dd>
          </div>
        ))}
      </dl>
      {privacy.k > 1 && <Rarest privacy={privacy} />}
    </details>
  );
}

function Rarest({ privacy }: { privacy: Privacy }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const value = (key: string) => (key ? capital(nameOf("value", key)) : "—");
  const cells = (row: Combination) => [row.age, row.sex, row.site, row.skinType].map(value);
  return (
    <>
      <h3>{t("selection.rarest")}</h3>
      <Scrolled name={t("selection.rarest")}>
        <table className="figures">
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {nameOf("dimension", name)}
                </th>
              ))}
              <th scope="col">{t("selection.patients")}</th>
              <th scope="col">{t("selection.units")}</th>
            </tr>
          </thead>
          <tbody>
            {privacy.table.slice(0, ROWS).map((row) => (
              <tr key={cells(row).join("|")}>
                {cells(row).map((cell, column) => (
                  <td key={COLUMNS[column]}>{cell}</td>
                ))}
                <td>{whole(row.patients)}</td>
                <td>{whole(row.units)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <p className="hint">{t("selection.combinations", { number: whole(privacy.combinations) })}</p>
    </>
  );
}
