/** What the system found worth a look, in words; none of it is a diagnosis. */
import { useTranslation } from "react-i18next";
import { day } from "../../language/format";
import type { Timeline } from "../queries";

interface Shown {
  alerts: Timeline["alerts"];
  /** Whether any visit could be compared with another. */
  comparable: boolean;
}

export function Alerts({ alerts, comparable }: Shown) {
  const { t } = useTranslation("follow_up");
  if (alerts.length === 0) {
    return comparable ? <p className="hint">{t("alerts.none")}</p> : null;
  }
  return (
    <section className="alerts" aria-labelledby="alerts">
      <h2 id="alerts">{t("alerts.title")}</h2>
      <ul>
        {alerts.map((alert) => (
          <li key={alert.code}>
            <strong>{alert.message}</strong>{" "}
            <small>{t("alerts.between", { since: day(alert.since), day: day(alert.day) })}</small>
          </li>
        ))}
      </ul>
      <small>{t("alerts.notADiagnosis")}</small>
    </section>
  );
}
