/** The outbox of whoever is signed in; it goes on sending on whatever page he is. */
import { useEffect, useSyncExternalStore } from "react";
import { Unreachable } from "../api/errors";
import { onLeaving } from "../session/session";
import { type Kept, Outbox } from "./outbox";
import { sendReading, takeBack } from "./queries";
import { keep, readKept } from "./storage";

const NAME = "readings";

let open: { account: string; outbox: Outbox } | null = null;

// Nobody sends in another one's name; what is kept waits for its own reader.
onLeaving(() => {
  open = null;
});

function outboxOf(account: string): Outbox {
  if (open?.account === account) return open.outbox;
  const own = <Given extends unknown[], Done>(act: (...given: Given) => Promise<Done>) => {
    return (...given: Given) => {
      if (open?.account !== account) return Promise.reject(new Unreachable());
      return act(...given);
    };
  };
  const ways = {
    send: own(sendReading),
    takeBack: own(takeBack),
    keep: (kept: Kept) => {
      const empty = kept.waiting.length + kept.sent.length + kept.refused.length === 0;
      keep(NAME, account, empty ? null : kept);
    },
    now: Date.now,
    later: (act: () => void, ms: number) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  };
  open = { account, outbox: new Outbox(ways, readKept<Kept>(NAME, account)) };
  return open.outbox;
}

export function useOutbox(account: string) {
  const outbox = outboxOf(account);
  const contents = useSyncExternalStore(outbox.subscribe, () => outbox.contents);
  useEffect(() => {
    outbox.wake();
    addEventListener("online", outbox.wake);
    return () => removeEventListener("online", outbox.wake);
  }, [outbox]);
  return { outbox, contents };
}
