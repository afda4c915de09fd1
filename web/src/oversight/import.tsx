/** One import: its source, how far its images are, and those that were not accepted. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Page } from "../app/page";
import { counted, moment } from "../language/format";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { tail, whole } from "./format";
import { type Outcomes, outcomesOf } from "./outcomes";
import { importedImagesQuery, importQuery } from "./queries";
import type { Import } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./oversight.css";

export function ImportPage() {
  const { t } = useTranslation("oversight");
  const { importId = "" } = useParams();
  const one = useQuery(importQuery(importId));
  return (
    <Page
      title={one.data?.name ?? t("imports.source")}
      above={<Link to="/imports">← {t("imports.back")}</Link>}
    >
      {one.isPending && <Skeleton />}
      {one.isError && !one.data && <Failure error={one.error} retry={() => one.refetch()} />}
      {one.data && (
        <>
          <Source one={one.data} />
          <Images importId={importId} />
        </>
      )}
    </Page>
  );
}

function Source({ one }: { one: Import }) {
  const { t } = useTranslation("oversight");
  const facts = [
    [t("imports.opened"), moment(one.created_at)],
    [t("imports.licence"), one.licence],
    [t("imports.legalBasis"), one.legal_basis],
    [t("imports.attribution"), one.attribution],
  ] as const;
  return (
    <dl className="facts source">
      {facts.map(([name, said]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{said}</dd>
        </div>
      ))}
    </dl>
  );
}

/** So many pages are counted unasked; an archive of tens of thousands is counted on demand. */
const UNASKED = 5;
const LOOK_MS = 5_000;

function Images({ importId }: { importId: string }) {
  const { t } = useTranslation("oversight");
  const [most, setMost] = useState(UNASKED);
  const list = useInfiniteQuery({
    ...importedImagesQuery(importId),
    refetchInterval: ({ state }) => {
      const images = state.data?.pages.flatMap((page) => page.items) ?? [];
      const few = (state.data?.pages.length ?? 0) <= UNASKED;
      return few && outcomesOf(images).underWay > 0 ? LOOK_MS : false;
    },
  });
  const pages = list.data?.pages ?? [];
  const { hasNextPage, isFetching, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && pages.length < most) void fetchNextPage();
  }, [hasNextPage, isFetching, pages.length, most, fetchNextPage]);

  if (list.isPending) return <Skeleton />;
  if (!list.data) return <Failure error={list.error} retry={() => list.refetch()} />;
  const images = pages.flatMap((page) => page.items);
  if (images.length === 0) {
    return (
      <Empty title={t("imports.none")}>
        <p>{t("imports.noneWhy")}</p>
        <p>
          {t("imports.send")}: <code>POST /api/v1/imports/{importId}/images</code>
        </p>
        <p className="measure hint centred">{t("imports.importer")}</p>
      </Empty>
    );
  }
  const outcomes = outcomesOf(images);
  const count = counted(images.length, t("imports.images", { returnObjects: true }));
  return (
    <>
      <section className="part">
        <h2>{t("imports.outcome")}</h2>
        <p role="status">
          {t(hasNextPage ? "imports.countedSome" : "imports.counted", { count })}.{" "}
          {outcomes.underWay > 0 && t("imports.underWay")}
        </p>
        <States outcomes={outcomes} of={images.length} />
        {hasNextPage && !isFetching && (
          <p>
            <button type="button" onClick={() => setMost(pages.length + UNASKED)}>
              {t("imports.countOn")}
            </button>
          </p>
        )}
        {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
      </section>
      <section className="part">
        <h2>{t("imports.problems")}</h2>
        {outcomes.refused.length === 0 ? (
          <p>{t("imports.noProblems")}</p>
        ) : (
          <Refused refused={outcomes.refused} />
        )}
      </section>
    </>
  );
}

function States({ outcomes, of }: { outcomes: Outcomes; of: number }) {
  const { t } = useTranslation();
  return (
    <ul className="amounts">
      {outcomes.byState.map(([state, count]) => (
        <li key={state}>
          <span className="state" data-state={state}>
            {t(`state.${state}`)}
          </span>
          <svg className="amount-line" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden>
            <rect className="bar-rest" width="100" height="1" />
            <rect className="bar-part" width={(100 * count) / of} height="1" />
          </svg>
          <span className="number">{whole(count)}</span>
        </li>
      ))}
    </ul>
  );
}

const FIRST_SHOWN = 10;

function Refused({ refused }: { refused: Outcomes["refused"] }) {
  const { t } = useTranslation("oversight");
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("imports.why")}</th>
          <th scope="col" className="number">
            {t("imports.share")}
          </th>
          <th scope="col">{t("imports.image")}</th>
        </tr>
      </thead>
      <tbody>
        {refused.map(({ problem, message, images }) => (
          <tr key={problem}>
            <th scope="row">{message}</th>
            <td className="number" data-name={t("imports.share")}>
              {whole(images.length)}
            </td>
            <td data-name={t("imports.image")}>
              <Ids ids={images} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Ids({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation("oversight");
  const [all, setAll] = useState(false);
  const shown = all ? ids : ids.slice(0, FIRST_SHOWN);
  const hidden = ids.length - shown.length;
  return (
    <span className="ids">
      {shown.map((id) => (
        <code key={id} title={id}>
          {tail(id)}
        </code>
      ))}
      {hidden > 0 && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {t("imports.showAll", {
            count: whole(hidden),
          })}
        </button>
      )}
    </span>
  );
}
