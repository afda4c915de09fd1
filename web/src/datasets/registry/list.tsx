/** The registry, which anybody may search. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { Page } from "../../app/page";
import { labelOf } from "../../language";
import { counted, day, megabytes } from "../../language/format";
import { whole } from "../../plots/numbers";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { capital, useName } from "../names";
import { filtersIn, registryQuery } from "./queries";
import { Search } from "./search";
import type { Entry } from "./shapes";
import "../../styles/parts.css";
import "../words";
import "./registry.css";

export function RegistryPage() {
  const { t } = useTranslation("datasets");
  const [address] = useSearchParams();
  const filters = filtersIn(address);
  const found = useFound(filters);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const csv = found.data?.pages[0]?.csv;
  return (
    <Page title={t("registry.title")}>
      <p className="measure">{t("registry.lead")}</p>
      <Search />
      {found.isPending && <Skeleton rows={6} />}
      {found.isError && <Failure error={found.error} retry={() => found.refetch()} />}
      {found.data && items.length === 0 && !found.hasNextPage && (
        <Nothing asked={filters.size > 0} />
      )}
      {items.length > 0 && (
        <ol className="entries" aria-busy={found.isPlaceholderData}>
          {items.map((entry) => (
            <EntryLine key={entry.code} entry={entry} />
          ))}
        </ol>
      )}
      <More found={found} />
      {csv && items.length > 0 && (
        <p>
          <a href={csv} download>
            {t("registry.csv")}
          </a>
        </p>
      )}
    </Page>
  );
}

function More({ found }: { found: ReturnType<typeof useFound> }) {
  const { t } = useTranslation();
  if (!found.hasNextPage) return null;
  return (
    <button
      type="button"
      disabled={found.isFetchingNextPage}
      onClick={() => void found.fetchNextPage()}
    >
      {found.isFetchingNextPage ? t("loading") : t("showMore")}
    </button>
  );
}

function useFound(filters: URLSearchParams) {
  return useInfiniteQuery(registryQuery(filters));
}

function Nothing({ asked }: { asked: boolean }) {
  const { t } = useTranslation("datasets");
  return asked ? (
    <Empty title={t("registry.none")}>
      <p>{t("registry.noneWhy")}</p>
    </Empty>
  ) : (
    <Empty title={t("registry.empty")}>
      <p>{t("registry.emptyWhy")}</p>
    </Empty>
  );
}

function EntryLine({ entry }: { entry: Entry }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  return (
    <li className="entry">
      <div className="entry-head">
        <h2>
          <Link className="cover" to={`/registry/${entry.code}`}>
            {labelOf(entry.name)}
          </Link>
        </h2>
        <Badge entry={entry} />
      </div>
      <p className="entry-code">
        <code>{entry.code}</code> · {t("registry.version", { version: entry.version })}
        {entry.published_at && ` · ${day(entry.published_at)}`}
      </p>
      <p className="entry-facts">
        <strong>{counted(entry.units, t("names.units", { returnObjects: true }))}</strong>
        <span>{megabytes(entry.bytes)}</span>
        <span>{capital(nameOf("purpose", entry.purpose))}</span>
        <span>{entry.licence}</span>
      </p>
      <ul className="entry-classes">
        {entry.classes.map((each) => (
          <li key={each.key}>
            {labelOf(each.title)} <b>{whole(each.units)}</b>
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Who may have it; and of a version that nobody should take, that. */
export function Badge({ entry }: { entry: Entry }) {
  const nameOf = useName();
  const warned = entry.state === "deprecated" || entry.state === "taken_down";
  return (
    <span className="badges">
      {warned && <span className="badge warned">{nameOf("state", entry.state)}</span>}
      <span className={`badge access-${entry.access}`}>{nameOf("access", entry.access)}</span>
    </span>
  );
}
