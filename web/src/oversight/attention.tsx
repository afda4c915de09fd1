/** Whether anything needs a human today: one line, and below it what, since when and what to do. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { moment } from "../language/format";
import { whole } from "./format";
import type { Attention, Overview } from "./shapes";

export function AttentionList({ seen }: { seen: Overview }) {
  const { t } = useTranslation("oversight");
  if (seen.attention.length === 0) {
    return <p className="notice calm">{t("overview.calm")}</p>;
  }
  const what = seen.attention.map(({ kind }) => t(`overview.kinds.${kind}`)).join(", ");
  return (
    <section className="attention" aria-label={t("overview.attention")}>
      <p className="attention-line">{t("overview.needs", { what })}.</p>
      <ul>
        {seen.attention.map((one) => (
          <Row key={one.kind} one={one} seen={seen} />
        ))}
      </ul>
    </section>
  );
}

function Row({ one, seen }: { one: Attention; seen: Overview }) {
  const { t } = useTranslation("oversight");
  const to = placeOf(one.kind, seen);
  const name = t(`overview.kinds.${one.kind}`);
  const count = whole(one.count);
  return (
    <li>
      <strong className="number">{one.more ? t("overview.atLeast", { count }) : count}</strong>
      <span className="attention-name">{to ? <Link to={to}>{name}</Link> : name}</span>
      <span>
        {t(`overview.toDo.${one.kind}`)}
        {one.kind === "overdue" && ` ${t("overview.overdueKinds", { kinds: overdueOf(seen) })}.`}
      </span>
      <small>{one.since && t("overview.since", { moment: moment(one.since) })}</small>
    </li>
  );
}

/** Where a curator does something about it; null where he cannot. */
export function placeOf(kind: Attention["kind"], seen: Overview): string | null {
  switch (kind) {
    case "cases_without_reader":
      return "/cases";
    case "cases_disputed":
      return "/cases?state=disputed";
    case "duplicates_undecided":
      return "/duplicates";
    case "looks_undone":
      return only(
        "/looks",
        seen.counts.looks.filter(({ waiting }) => waiting > 0),
      );
    case "releases_failed":
      return only("/datasets", seen.releases_failed);
    case "reports_late":
      return "/tests";
    default:
      return null;
  }
}

/** One thing's own page, or the list of several. */
function only(list: string, found: readonly { code: string }[]): string {
  const [first, second] = found;
  return first && !second ? `${list}/${encodeURIComponent(first.code)}` : list;
}

function overdueOf(seen: Overview): string {
  return seen.overdue.map(({ kind, count }) => `${kind} ${whole(count)}`).join(", ");
}
