/** What the list of cases is narrowed by: how they stand first, then the rest. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useChoiceName } from "../patients/words";
import { type Filters, isNarrowed, SITES, STATES, WAITS } from "./filters";
import { span, whole } from "./format";
import { overviewQuery } from "./queries";
import type { Overview } from "./shapes";

const DAY = 86_400;

interface Narrowed {
  filters: Filters;
  narrow: (more: Partial<Filters>) => void;
}

export function CaseFilters({ filters, narrow }: Narrowed) {
  const { t } = useTranslation("oversight");
  const overview = useQuery(overviewQuery).data;
  const counted = (state: Filters["state"]) => overview && countOf(overview, state);
  return (
    <search className="filters" aria-label={t("cases.filters")}>
      <fieldset className="choices whole-line">
        <legend>{t("cases.state")}</legend>
        <div className="chips">
          {(["no_reader", ...STATES] as const).map((state) => (
            <label key={state} className="chip">
              <input
                type="radio"
                name="state"
                checked={filters.state === state}
                onChange={() => narrow({ state })}
              />
              <span>
                {t(`cases.states.${state}`)}
                <Count of={counted(state)} />
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <Others filters={filters} narrow={narrow} />
    </search>
  );
}

function Others({ filters, narrow }: Narrowed) {
  const { t } = useTranslation("oversight");
  const nameOf = useChoiceName();
  return (
    <>
      <div className="field">
        <label htmlFor="site">{t("cases.site")}</label>
        <select
          id="site"
          value={filters.site ?? ""}
          onChange={(event) =>
            narrow({ site: SITES.find((each) => each === event.target.value) ?? null })
          }
        >
          <option value="">{t("cases.anySite")}</option>
          {SITES.map((site) => (
            <option key={site} value={site}>
              {nameOf("site", site)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor="days">{t("cases.waiting")}</label>
        <select
          id="days"
          value={filters.days ?? ""}
          onChange={(event) =>
            narrow({ days: WAITS.find((each) => String(each) === event.target.value) ?? null })
          }
        >
          <option value="">{t("cases.anyWait")}</option>
          {WAITS.map((days) => (
            <option key={days} value={days}>
              {span(days * DAY)}
            </option>
          ))}
        </select>
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={filters.gold}
          onChange={(event) => narrow({ gold: event.target.checked })}
        />
        {t("cases.goldOnly")}
      </label>
      {isNarrowed(filters) && (
        <button
          type="button"
          className="quiet"
          onClick={() => narrow({ site: null, gold: false, days: null })}
        >
          {t("cases.clear")}
        </button>
      )}
    </>
  );
}

function Count({ of }: { of: number | undefined }) {
  return of === undefined ? null : <small className="chip-count">{whole(of)}</small>;
}

/** What needs a human is counted every few minutes, the rest less often. */
function countOf(overview: Overview, state: Filters["state"]): number {
  if (state === "no_reader") return overview.cases_without_reader.count;
  if (state === "disputed") return overview.cases_disputed.count;
  return overview.counts.cases.by_state[state] ?? 0;
}
