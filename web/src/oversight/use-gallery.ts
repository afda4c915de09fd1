/** The images of one preview that nobody has looked at, page after page, and the looks on their way. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState, useSyncExternalStore } from "react";
import { ask } from "../api/client";
import { accountQuery } from "../api/queries";
import { lookOf, type Marks, NO_MARKS, type Saying, stepped, unseen } from "./look-marks";
import { LookQueue, type Standing } from "./look-queue";
import type { Gallery } from "./shapes";

const PAGE = 100;
/** With fewer left on screen the next page is fetched. */
const ENOUGH = 80;

export interface Shown {
  marks: Marks;
  standing: Standing;
  /** About the list itself: how many waited, and when it was computed. */
  list: Pick<Gallery, "listed" | "computed_at"> | null;
  more: boolean;
  loading: boolean;
  error: unknown;
  go: (to: number) => void;
  say: (saying: Saying) => void;
  /** False when the look had left already, so that the image has to be spoken of anew. */
  undo: () => boolean;
  again: () => void;
}

const IDLE: Standing = { unsent: 0, trouble: "none", gone: 0 };

export function useGallery(code: string): Shown {
  const [marks, dispatch] = useReducer(stepped, NO_MARKS);
  const queue = useQueue();
  const standing = useSyncExternalStore(
    queue?.queue.subscribe ?? noSubscription,
    queue?.queue.snapshot ?? idle,
  );
  const pages = usePages(code, queue !== null, (images) =>
    dispatch({ kind: "came", images, known: queue?.known ?? new Set() }),
  );
  const { next, loading, error, load } = pages;
  const left = unseen(marks);
  useEffect(() => {
    if (next !== null && !loading && !error && left < ENOUGH) load(next);
  }, [next, loading, error, left, load]);

  return {
    marks,
    standing,
    list: pages.list,
    more: next !== null,
    loading,
    error,
    go: (to) => dispatch({ kind: "went", to }),
    say: (saying) => {
      const image = marks.images[marks.at];
      if (!image || !queue) return;
      queue.queue.add(lookOf(image.image_id, saying));
      dispatch({ kind: "said", saying });
    },
    undo: () => {
      const last = marks.past.at(-1);
      dispatch({ kind: "undone" });
      return last === undefined || queue?.queue.take(last) === true;
    },
    again: pages.again,
  };
}

function useQueue(): { queue: LookQueue; known: ReadonlySet<string> } | null {
  const owner = useQuery(accountQuery).data?.account_id;
  const [opened, setOpened] = useState<{ queue: LookQueue; known: ReadonlySet<string> } | null>(
    null,
  );
  useEffect(() => {
    if (!owner) return;
    const queue = new LookQueue(owner);
    const hurry = () => queue.hurry();
    addEventListener("online", hurry);
    void queue.open().then((known) => setOpened({ queue, known }));
    return () => {
      removeEventListener("online", hurry);
      queue.close();
    };
  }, [owner]);
  return opened;
}

interface Pages {
  list: Shown["list"];
  next: string | null;
  loading: boolean;
  error: unknown;
  load: (cursor: string) => void;
  again: () => void;
}

function usePages(code: string, ready: boolean, came: (images: Gallery["items"]) => void): Pages {
  const [list, setList] = useState<Shown["list"]>(null);
  const [next, setNext] = useState<string | null>(null);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const receive = useRef(came);
  receive.current = came;
  const load = useCallback(
    (cursor: string) => {
      setLoading(true);
      const query = new URLSearchParams({ dataset: code, limit: String(PAGE) });
      if (cursor) query.set("cursor", cursor);
      ask<Gallery>(`/looks?${query}`)
        .then((page) => {
          setError(null);
          setList(page);
          setNext(page.next);
          receive.current(page.items);
        })
        .catch(setError)
        .finally(() => setLoading(false));
    },
    [code],
  );
  useEffect(() => {
    if (ready) load("");
  }, [ready, load]);
  return { list, next, loading, error, load, again: () => load("") };
}

function noSubscription(): () => void {
  return () => undefined;
}

function idle(): Standing {
  return IDLE;
}
