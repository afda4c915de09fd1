/** From a case to the one before and after it in the list that the curator came from. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { asked, filtersOf } from "./filters";
import { whole } from "./format";
import { Shortcuts, useKeys } from "./keys";
import { casesQuery } from "./queries";

/** So close to the end of what is loaded, more of the list is asked for. */
const AHEAD = 3;

export function Neighbours({ imageId }: { imageId: string }) {
  const { t } = useTranslation("oversight");
  const { search, state } = useLocation();
  const go = useNavigate();
  const fromList = search !== "" || (state as { listed?: boolean } | null)?.listed === true;
  const wanted = asked(filtersOf(new URLSearchParams(search)));
  const list = useInfiniteQuery({ ...casesQuery(wanted), enabled: fromList, staleTime: 300_000 });
  const ids = list.data?.pages.flatMap((page) => page.items.map((each) => each.image_id)) ?? [];
  const place = ids.indexOf(imageId);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  useEffect(() => {
    if (place >= 0 && place >= ids.length - AHEAD && hasNextPage && !isFetching) {
      void fetchNextPage();
    }
  }, [place, ids.length, hasNextPage, isFetching, fetchNextPage]);

  const open = (id: string | undefined) => {
    if (id) void go(`/cases/${id}${search}`, { state: { listed: true }, replace: true });
  };
  const before = ids[place - 1];
  const after = place < 0 ? undefined : ids[place + 1];
  const back = () => open(before);
  const on = () => open(after);
  useKeys({ KeyJ: on, KeyK: back, ArrowRight: on, ArrowLeft: back });
  if (place < 0) return null;
  const of = whole(ids.length);
  return (
    <nav className="actions" aria-label={t("cases.stepper")}>
      <small role="status">
        {t(hasNextPage ? "cases.placeOpen" : "cases.place", { place: whole(place + 1), of })}
      </small>
      <button type="button" disabled={!before} onClick={back}>
        ← {t("cases.previous")}
      </button>
      <button type="button" disabled={!after} onClick={on}>
        {t("cases.next")} →
      </button>
      <Shortcuts
        keys={[
          ["J, →", t("cases.next")],
          ["K, ←", t("cases.previous")],
        ]}
      />
    </nav>
  );
}
