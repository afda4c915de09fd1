/** How large the mole is and how it changed, by the circles that the patient drew. */
import { useTranslation } from "react-i18next";
import { difference, measured as written } from "../../images/quantity";
import type { Question } from "./queries";
import "../../images/pairs.css";

type Grown = NonNullable<NonNullable<Question["measured"]>["since_first"]>;

export function Measured({ measured }: { measured: Question["measured"] }) {
  const { t } = useTranslation("follow_up");
  const last = measured?.last;
  const inMm =
    last && last.diameter_mm !== null
      ? { value: last.diameter_mm, error: last.error_mm ?? 0 }
      : null;
  return (
    <section>
      <h2>{t("questions.measured")}</h2>
      {inMm ? (
        <dl className="pairs">
          <div>
            <dt>{t("measured.diameter")}</dt>
            <dd>{written(inMm, t("unit.mm"))}</dd>
          </div>
          <Since name={t("questions.sinceFirst")} grown={measured?.since_first ?? null} />
          <Since name={t("questions.sinceLast")} grown={measured?.since_last ?? null} />
        </dl>
      ) : (
        <p>{t("questions.noScale")}</p>
      )}
      <small>{t("questions.measuredHow")}</small>
    </section>
  );
}

function Since({ name, grown }: { name: string; grown: Grown | null }) {
  const { t } = useTranslation("follow_up");
  if (!grown) return null;
  const delta = { value: grown.diameter_mm, error: grown.error_mm };
  const said =
    grown.grew === null ? "questions.cannotTell" : grown.grew ? "change.beyond" : "change.within";
  return (
    <div className={grown.grew ? "marked" : undefined}>
      <dt>{name}</dt>
      <dd>
        {difference(delta, t("unit.mm"))}
        <small>{t(said)}</small>
      </dd>
    </div>
  );
}
