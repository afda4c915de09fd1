/** What stood in a survey before it was corrected. */
import { useTranslation } from "react-i18next";
import type { Field, Survey } from "../api/contract";
import { labelOf } from "../language";
import { moment } from "../language/format";
import { useSaid } from "../patients/words";

interface Shown {
  survey: Survey;
  fields: readonly Field[];
  own: string | undefined;
}

export function Corrections({ survey, fields, own }: Shown) {
  const { t } = useTranslation("survey");
  const said = useSaid();
  if (survey.history.length === 0) return <p className="hint">{t("correct.none")}</p>;
  return (
    <details className="corrections">
      <summary>
        {t("correct.history")} ({survey.history.length})
      </summary>
      <ol className="history">
        {survey.history.map(({ at, by, was }) => (
          <li key={at}>
            {fields
              .filter(({ key }) => key in was)
              .map((field) => (
                <div key={field.key}>
                  {t("correct.was", {
                    field: labelOf(field.labels),
                    was: said(field, was[field.key]),
                  })}
                </div>
              ))}
            <small>
              {moment(at)}, {t(by === own ? "correct.byYou" : "correct.byAnother")}
            </small>
          </li>
        ))}
      </ol>
    </details>
  );
}
