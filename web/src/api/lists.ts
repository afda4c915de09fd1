/** Lists that come in pages, each page with the cursor of the next. */
import { type InfiniteData, infiniteQueryOptions, type QueryKey } from "@tanstack/react-query";
import { ask } from "./client";
import type { Listing } from "./contract";

/** `path` may have a query of its own. */
export function listQuery<Item>(key: QueryKey, path: string) {
  return infiniteQueryOptions<
    Listing<Item>,
    Error,
    InfiniteData<Listing<Item>, string>,
    QueryKey,
    string
  >({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => {
      const cursor =
        pageParam && `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(pageParam)}`;
      return ask<Listing<Item>>(path + cursor, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
