/** A list that comes in pages from the API: its shape while it loads, its words when it is empty, the next page on demand. */
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { listQuery } from "../api/lists";
import { Failure } from "./failure";
import { Skeleton } from "./skeleton";

interface Shown<Item> {
  query: ReturnType<typeof listQuery<Item>>;
  /** What stands there when there is nothing. */
  empty: ReactNode;
  shape?: "line" | "tile";
  /** Ask again every so many milliseconds. */
  every?: number;
  children: (items: Item[]) => ReactNode;
}

export function Listed<Item>({ query, empty, shape, every, children }: Shown<Item>) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery({ ...query, refetchInterval: every });
  if (pages.isPending) return <Skeleton shape={shape} />;
  if (!pages.data) return <Failure error={pages.error} retry={() => pages.refetch()} />;
  const items = pages.data.pages.flatMap((page) => page.items);
  return (
    <>
      {items.length === 0 && !pages.hasNextPage ? empty : children(items)}
      {pages.isError && <Failure error={pages.error} retry={() => pages.refetch()} />}
      {pages.hasNextPage && (
        <p>
          <button
            type="button"
            disabled={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            {pages.isFetchingNextPage ? t("loading") : t("showMore")}
          </button>
        </p>
      )}
    </>
  );
}
