/** How long he looks at an image, and that it stays his while he does. */
import { useEffect, useRef } from "react";
import { Refusal } from "../api/errors";
import { type Assignment, renew } from "./queries";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** A lease is three days; with less than this left it is renewed. */
const RENEW_BELOW_MS = 12 * HOUR;
const LOOK_AGAIN_MS = 10 * 60 * SECOND;

/** Seconds in which the image was on a screen that was looked at. */
export function useLooked(assignmentId: string): () => number {
  const looked = useRef({ of: "", before: 0, since: 0 });
  useEffect(() => {
    looked.current = { of: assignmentId, before: 0, since: document.hidden ? 0 : Date.now() };
    const turn = () => {
      const { before, since } = looked.current;
      const until = Date.now();
      looked.current.before = before + (since ? until - since : 0);
      looked.current.since = document.hidden ? 0 : until;
    };
    document.addEventListener("visibilitychange", turn);
    return () => document.removeEventListener("visibilitychange", turn);
  }, [assignmentId]);
  return () => {
    const { before, since } = looked.current;
    return (before + (since ? Date.now() - since : 0)) / SECOND;
  };
}

/** `lost` is told when another reader has it now. */
export function useLease(item: Assignment | null, lost: (why: string) => void): void {
  const tell = useRef(lost);
  tell.current = lost;
  const id = item?.assignment_id;
  const until = item?.leased_until;
  useEffect(() => {
    if (!id || !until) return;
    let end = Date.parse(until);
    let gone = false;
    const look = async () => {
      if (document.hidden || end - Date.now() > RENEW_BELOW_MS) return;
      try {
        const renewed = Date.parse((await renew(id)).leased_until);
        if (!Number.isNaN(renewed)) end = renewed;
      } catch (error) {
        // Without a connection it is asked again; what counts is decided when the reading arrives.
        if (!gone && error instanceof Refusal && error.status === 409) tell.current(error.message);
      }
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_AGAIN_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [id, until]);
}
