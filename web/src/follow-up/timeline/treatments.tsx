/** What was done to the lesion: a change across it may be its doing. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { vocabulariesQuery } from "../../api/queries";
import { labelOf } from "../../language";
import { day } from "../../language/format";
import type { Timeline } from "../queries";

export function Treatments({ treatments }: { treatments: Timeline["treatments"] }) {
  const { t } = useTranslation("follow_up");
  const nameOf = useTreatmentName();
  if (treatments.length === 0) return null;
  return (
    <section>
      <h2>{t("treatments.title")}</h2>
      <ul className="rows">
        {treatments.map((each) => (
          <li key={each.treatment_id}>
            <strong>{nameOf("treatments", each.what)}</strong>
            <span>{day(each.done_on)}</span>
            {each.outcome && (
              <small>
                {nameOf("outcomes", each.outcome)}
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

export function useTreatmentName(): (of: "treatments" | "outcomes", key: string) => string {
  const words = useQuery(vocabulariesQuery).data;
  return (of, key) => {
    const found = words?.[of].find((each) => each.key === key);
    return found ? labelOf(found.labels) : key;
  };
}
