/** Each unit of a functional test: from which device, fit or not, and what the service did with it. */
import { useTranslation } from "react-i18next";
import { rounded } from "../../plots/numbers";
import { Scrolled } from "../../ui/scrolled";
import type { Report } from "./shape";

const WORDS = { processed: "processed", refused: "refusedUnit", none: "none" } as const;

export function Functional({ units }: { units: NonNullable<Report["functional"]> }) {
  const { t } = useTranslation("evaluation");
  return (
    <section className="part">
      <h2>{t("report.functional")}</h2>
      <Scrolled name={t("report.functional")}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("report.unit")}</th>
              <th scope="col">{t("report.device")}</th>
              <th scope="col">{t("report.kind")}</th>
              <th scope="col">{t("report.outcome")}</th>
              <th scope="col">{t("report.seconds")}</th>
            </tr>
          </thead>
          <tbody>
            {units.map((unit, place) => {
              const right = unit.outcome === (unit.defect ? "refused" : "processed");
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: units of a report have no names and never move
                <tr key={place}>
                  <td>{place + 1}</td>
                  <td>{unit.device || t("report.unknownDevice")}</td>
                  <td>{t(unit.defect ? "report.defect" : "report.good")}</td>
                  <td className={right ? "met" : "unmet"}>{t(`report.${WORDS[unit.outcome]}`)}</td>
                  <td>{unit.seconds === null ? "—" : rounded(unit.seconds, 2)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
