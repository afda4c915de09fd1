/** Which link is on show: the first one that works, and a newer one only when it has failed. */
import { useCallback, useEffect, useRef, useState } from "react";
import { samePicture } from "./picture-link";
import type { Size } from "./points";

/** How long a new link is waited for before the reader is told. */
const RENEWAL_MS = 6_000;

export type LinkState = "opening" | "open" | "renewing" | "lost";

interface OnShow {
  link: string;
  attempt: number;
  state: LinkState;
  size: Size | null;
  renewed: boolean;
}

function fresh(link: string, attempt = 0): OnShow {
  return { link, attempt, state: "opening", size: null, renewed: false };
}

export function useLink(source: string, expired?: () => void) {
  const [shown, setShown] = useState(() => fresh(source));
  const ask = useRef(expired);
  ask.current = expired;

  // While rendering, so that no frame shows the former picture under the new one's words.
  if (shown.link !== source) {
    if (!samePicture(shown.link, source)) setShown(fresh(source));
    else if (shown.state === "renewing" || shown.state === "lost")
      setShown({ ...fresh(source), renewed: shown.state === "renewing" });
  }

  const opened = useCallback((size: Size) => {
    setShown((now) => ({ ...now, state: "open", size, renewed: false }));
  }, []);
  const failed = useCallback(() => {
    setShown((now) => {
      const renew = ask.current && !now.renewed;
      return { ...now, state: renew ? "renewing" : "lost" };
    });
  }, []);
  const again = useCallback(() => {
    ask.current?.();
    setShown((now) => ({ ...fresh(now.link, now.attempt + 1), renewed: true }));
  }, []);

  useEffect(() => {
    if (shown.state !== "renewing") return;
    ask.current?.();
    const timer = setTimeout(
      () => setShown((now) => (now.state === "renewing" ? { ...now, state: "lost" } : now)),
      RENEWAL_MS,
    );
    return () => clearTimeout(timer);
  }, [shown.state]);

  return { ...shown, opened, failed, again };
}
