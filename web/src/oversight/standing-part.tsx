/** Cases and images by how they stand, and how long cases wait. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { STATES } from "./filters";
import { span, whole } from "./format";
import type { Overview } from "./shapes";

export function StandingPart({ seen }: { seen: Overview }) {
  const { t } = useTranslation("oversight");
  const { cases, images } = seen.counts;
  const most = Math.max(1, ...Object.values(cases.by_state));
  return (
    <div className="overview-parts">
      <section className="part">
        <h2>{t("overview.cases")}</h2>
        <ul className="amounts">
          {STATES.map((state) => {
            const count = cases.by_state[state] ?? 0;
            return (
              <Amount
                key={state}
                name={<Link to={`/cases?state=${state}`}>{t(`cases.states.${state}`)}</Link>}
                part={count / most}
                count={count}
              />
            );
          })}
        </ul>
      </section>
      <section className="part">
        <h2>{t("overview.underWay")}</h2>
        <dl className="facts narrow">
          <Fact name={t("overview.open")} said={whole(cases.open)} />
          <Fact name={t("overview.medianWait")} said={spanOf(cases.median_waited_seconds)} />
          <Fact name={t("overview.longestWait")} said={spanOf(cases.longest_waited_seconds)} />
          <Fact
            name={t("overview.releases")}
            said={
              seen.releases_being_made.map(({ code }) => code).join(", ") || t("overview.nothing")
            }
          />
          <Fact
            name={t("overview.evaluations")}
            said={countOf(seen.evaluations_awaiting_report.count, t("overview.nothing"))}
          />
          <Fact
            name={t("overview.withoutLook")}
            said={countOf(images.without_look, t("overview.nothing"))}
          />
        </dl>
        <Images byState={images.by_state} />
      </section>
    </div>
  );
}

function Images({ byState }: { byState: Readonly<Record<string, number>> }) {
  const { t } = useTranslation("oversight");
  const { t: common } = useTranslation();
  const most = Math.max(1, ...Object.values(byState));
  const known = Object.entries(byState).filter(([, count]) => count > 0);
  return (
    <>
      <h3>{t("overview.images")}</h3>
      <ul className="amounts">
        {known.map(([state, count]) => (
          <Amount
            key={state}
            name={common(`state.${state as "classified"}`)}
            part={count / most}
            count={count}
          />
        ))}
      </ul>
    </>
  );
}

function Amount({ name, part, count }: { name: React.ReactNode; part: number; count: number }) {
  return (
    <li>
      <span>{name}</span>
      <svg className="amount-line" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden>
        <rect className="bar-rest" width="100" height="1" />
        <rect className="bar-part" width={100 * part} height="1" />
      </svg>
      <span className="number">{whole(count)}</span>
    </li>
  );
}

function Fact({ name, said }: { name: string; said: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{said}</dd>
    </div>
  );
}

function spanOf(seconds: number | null): string {
  return seconds === null ? "—" : span(seconds);
}

function countOf(count: number, nothing: string): string {
  return count > 0 ? whole(count) : nothing;
}
