/** Into which parts the units were dealt: every class shared out as planned, no patient in two. */
import { useTranslation } from "react-i18next";
import { whole } from "../../plots/numbers";
import { Scrolled } from "../../ui/scrolled";
import { capital, useName } from "../names";
import type { ClassTitle } from "./balance";
import type { Selected } from "./shapes";

export function SplitsPart({
  splits,
  classes,
}: {
  splits: Selected["splits"];
  classes: readonly ClassTitle[];
}) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  return (
    <details>
      <summary>{t("selection.splits")}</summary>
      <Scrolled name={t("selection.splits")}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("selection.class")}</th>
              {splits.map(({ name }) => (
                <th key={name} scope="col">
                  {capital(nameOf("value", name))}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.map(({ key, title }) => (
              <tr key={key}>
                <th scope="row">{title}</th>
                {splits.map((split) => (
                  <td key={split.name}>{whole(split.classes[key] ?? 0)}</td>
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">{t("selection.units")}</th>
              {splits.map((split) => (
                <td key={split.name}>{whole(split.units)}</td>
              ))}
            </tr>
            <tr>
              <th scope="row">{t("selection.patients")}</th>
              {splits.map((split) => (
                <td key={split.name}>{whole(split.patients)}</td>
              ))}
            </tr>
          </tbody>
        </table>
      </Scrolled>
    </details>
  );
}
