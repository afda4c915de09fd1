/** The images before the reader, and the one he looks at. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { LINKS_FRESH_MS } from "../api/queries";
import { usePreloaded } from "../viewer";
import { Links, left } from "./hand";
import type { Contents } from "./outbox";
import { type Assignment, handQuery } from "./queries";

/** With fewer left the list is asked for again: the system has dealt new ones meanwhile. */
const FEW = 4;
const AHEAD = 2;

export function useHand({ waiting, sent }: Contents) {
  const query = useQuery(handQuery);
  const links = useRef(new Links(LINKS_FRESH_MS));
  /** What was before him once, for what he takes back: the system may not list it yet. */
  const seen = useRef(new Map<string, Assignment>());
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const [brought, setBrought] = useState<string | null>(null);
  const [current, setCurrent] = useState<string | null>(null);

  const steady = useMemo(() => {
    const items = links.current.steady(query.data?.items ?? [], Date.now());
    for (const item of items) seen.current.set(item.assignment_id, item);
    return items;
  }, [query.data]);

  const open = useMemo(() => {
    const taken = [...sent, ...waiting.filter((each) => each.form !== null)];
    const gone = new Set([...done, ...taken.map((each) => each.assignmentId)]);
    const back = brought === null ? undefined : seen.current.get(brought);
    const listed = steady.some((each) => each.assignment_id === brought);
    return left(back && !listed ? [back, ...steady] : steady, gone, brought ?? current);
  }, [steady, done, waiting, sent, brought, current]);

  const item = open[0] ?? null;
  const ahead = open
    .slice(0, 1 + AHEAD)
    .map((each) => each.image_url)
    .join("\n");
  usePreloaded(useMemo(() => (ahead ? ahead.split("\n") : []), [ahead]));

  const id = item?.assignment_id ?? null;
  useEffect(() => {
    if (id) setCurrent(id);
  }, [id]);

  const { refetch } = query;
  const few = open.length < FEW;
  const quiet = waiting.length === 0;
  const missing = brought !== null && !open.some((each) => each.assignment_id === brought);
  useEffect(() => {
    if (quiet && ((few && sent.length > 0) || missing)) void refetch();
  }, [few, missing, quiet, sent, refetch]);

  return {
    query,
    open,
    item,
    /** He has read it or given it back. */
    drop: (assignmentId: string) => {
      setDone((now) => new Set(now).add(assignmentId));
      setBrought((now) => (now === assignmentId ? null : now));
    },
    /** It is before him again, and first. */
    bring: (assignmentId: string) => {
      setDone((now) => new Set([...now].filter((each) => each !== assignmentId)));
      setBrought(assignmentId);
    },
    /** The link of the one he looks at has run out. */
    renewLink: (assignmentId: string) => {
      links.current.forget(assignmentId);
      void refetch();
    },
  };
}
