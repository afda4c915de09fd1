/** All versions of a dataset, the newest first. */
import { useTranslation } from "react-i18next";
import { day, megabytes } from "../../language/format";
import { whole } from "../../plots/numbers";
import { Scrolled } from "../../ui/scrolled";
import { useName } from "../names";
import type { EntryPage } from "./shapes";

export function Versions({ entry }: { entry: EntryPage }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  return (
    <section className="part">
      <h2>{t("registry.versions")}</h2>
      <Scrolled name={t("registry.versions")}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("releases.version")}</th>
              <th scope="col">{t("registry.published")}</th>
              <th scope="col">{t("registry.unitsCount")}</th>
              <th scope="col">{t("registry.size")}</th>
              <th scope="col">{t("registry.state")}</th>
            </tr>
          </thead>
          <tbody>
            {entry.versions.map((each) => (
              <tr key={each.version}>
                <td>{each.version}</td>
                <td>{each.published_at ? day(each.published_at) : "—"}</td>
                <td>{whole(each.units)}</td>
                <td>{megabytes(each.bytes)}</td>
                <td>
                  {nameOf("state", each.state)}
                  {each.deprecated && <small className="fact-note">{each.deprecated.reason}</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
