/** The label of an image: what it says, how it came about, how far it may be trusted. */
import { useTranslation } from "react-i18next";
import "../follow-up/words";
import "./card.css";
import { labelOf } from "./label";
import { useClassName } from "./opinion";

export function Verdict({ label }: { label: Readonly<Record<string, unknown>> | null }) {
  const { t } = useTranslation("follow_up");
  const nameOf = useClassName();
  const found = labelOf(label);
  if (!found) return null;
  const { diagnosis, verification, rule, retrospective } = found;
  return (
    <section className="label">
      <h3>{t("label.title")}</h3>
      <p className="verdict">{nameOf(diagnosis)}</p>
      {verification && (
        <p>
          <span className="level" data-level={verification} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {t(`label.level.${verification}`)}
        </p>
      )}
      <small>
        {rule && t(`label.rule.${rule}`)}
        {retrospective && ` ${t("label.retrospective")}`}
      </small>
    </section>
  );
}
