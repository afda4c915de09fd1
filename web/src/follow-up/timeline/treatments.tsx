/** What was done to the lesion: a change across it may be its doing. */
import { useTranslation } from "react-i18next";
import { day } from "../../language/format";
import { useTreatmentName } from "../../patients/course";
import type { Timeline } from "../queries";

export function Treatments({ treatments }: { treatments: Timeline["treatments"] }) {
  const { t } = useTranslation("follow_up");
  const treatmentOf = useTreatmentName();
  if (treatments.length === 0) return null;
  return (
    <section>
      <h2>{t("treatments.title")}</h2>
      <ul className="rows">
        {treatments.map((each) => (
          <li key={each.treatment_id}>
            <strong>{treatmentOf(each.what)}</strong>
            <span>{day(each.done_on)}</span>
            {each.outcome && (
              <small>
                {treatmentOf(each.outcome)}
                {each.outcome_on && `, ${day(each.outcome_on)}`}
              </small>
            )}
          </li>
        ))}
      </ul>
      <p className="hint">{t("treatments.means")}</p>
    </section>
  );
}
