/** Near-duplicates: one pair after the other, decided with a key each. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Page } from "../app/page";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { whole } from "./format";
import { Shortcuts, useKeys } from "./keys";
import { PairView } from "./pair";
import { addressOfWanted, pairsQuery, RELATIONS, type Wanted, wantedOf } from "./pairs";
import type { Duplicate } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./oversight.css";
import "./duplicates.css";

export function DuplicatesPage() {
  const { t } = useTranslation("oversight");
  const [address, change] = useSearchParams();
  const wanted = wantedOf(address);
  return (
    <Page title={t("duplicates.title")} aside={<Help />}>
      <p className="hint">{t("duplicates.lead")}</p>
      <Narrowing
        wanted={wanted}
        narrow={(more) => change(addressOfWanted({ ...wanted, ...more }), { replace: true })}
      />
      <Walk key={addressOfWanted(wanted).toString()} wanted={wanted} />
    </Page>
  );
}

export function Help() {
  const { t } = useTranslation("oversight");
  return (
    <Shortcuts
      keys={[
        ["S", t("duplicates.same")],
        ["D", t("duplicates.different")],
        ["←, →", `${t("duplicates.previous")}, ${t("duplicates.next")}`],
        ["V", t("duplicates.view")],
        ["X", t("duplicates.swap")],
        ["R", t("duplicates.turn")],
        ["M", t("duplicates.mirror")],
        ["U", t("duplicates.undo")],
      ]}
    />
  );
}

interface Narrowed {
  wanted: Wanted;
  narrow: (more: Partial<Wanted>) => void;
}

function Narrowing({ wanted, narrow }: Narrowed) {
  const { t } = useTranslation("oversight");
  return (
    <div className="filters">
      <fieldset className="choices">
        <legend>{t("duplicates.state")}</legend>
        <div className="chips">
          {(["open", "settled"] as const).map((state) => (
            <label key={state} className="chip">
              <input
                type="radio"
                name="state"
                checked={wanted.state === state}
                onChange={() => narrow({ state })}
              />
              <span>{t(`duplicates.states.${state}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="field">
        <label htmlFor="relation">{t("duplicates.relation")}</label>
        <select
          id="relation"
          value={wanted.relation ?? ""}
          onChange={(event) =>
            narrow({ relation: RELATIONS.find((each) => each === event.target.value) ?? null })
          }
        >
          <option value="">{t("duplicates.anyRelation")}</option>
          {RELATIONS.map((relation) => (
            <option key={relation} value={relation}>
              {t(`duplicates.relations.${relation}`)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

/** So close to the end of what is loaded, more is asked for. */
const AHEAD = 5;

function Walk({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation("oversight");
  const list = useInfiniteQuery(pairsQuery(wanted));
  const [place, setPlace] = useState(0);
  const [settled, setSettled] = useState<ReadonlyMap<string, Duplicate>>(new Map());
  const listed = list.data?.pages.flatMap((page) => page.items) ?? [];
  const pairs = listed.map((pair) => settled.get(pair.pair_id) ?? pair);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && place >= listed.length - AHEAD) void fetchNextPage();
  }, [place, listed.length, hasNextPage, isFetching, fetchNextPage]);

  const last = pairs.length - 1;
  const step = (by: number) => setPlace((at) => Math.min(Math.max(at + by, 0), Math.max(last, 0)));
  useKeys({ ArrowRight: () => step(1), ArrowLeft: () => step(-1) });

  if (list.isPending) return <Skeleton rows={2} shape="tile" />;
  if (!list.data) return <Failure error={list.error} retry={() => list.refetch()} />;
  const pair = pairs[Math.min(place, Math.max(last, 0))];
  if (!pair) {
    return (
      <Empty title={t(wanted.state === "open" ? "duplicates.empty" : "duplicates.emptySettled")}>
        <p>{t("duplicates.emptyWhy")}</p>
      </Empty>
    );
  }
  const decidedHere = [...settled.values()].filter((each) => each.state === "settled").length;
  return (
    <>
      <div className="walk">
        <Waiting open={list.data.pages[0]?.open ?? null} less={decidedHere} wanted={wanted} />
        <div className="actions">
          <small role="status">
            {t(hasNextPage ? "duplicates.placeOpen" : "duplicates.place", {
              place: whole(place + 1),
              of: whole(pairs.length),
            })}
          </small>
          <button type="button" disabled={place === 0} onClick={() => step(-1)}>
            ← {t("duplicates.previous")}
          </button>
          <button type="button" disabled={place >= last} onClick={() => step(1)}>
            {t("duplicates.next")} →
          </button>
        </div>
      </div>
      <PairView
        key={pair.pair_id}
        pair={pair}
        ahead={pairs[place + 1]}
        back={place > 0 ? () => step(-1) : undefined}
        decided={(now) => {
          setSettled((before) => new Map(before).set(now.pair_id, now));
          step(1);
        }}
      />
      {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
    </>
  );
}

const MOST_COUNTED = 1000;

function Waiting({ open, less, wanted }: { open: number | null; less: number; wanted: Wanted }) {
  const { t } = useTranslation("oversight");
  if (open === null || wanted.state !== "open") return <span />;
  if (open >= MOST_COUNTED) return <strong>{t("duplicates.openMany")}</strong>;
  return <strong>{t("duplicates.open", { count: Math.max(open - less, 0) })}</strong>;
}
