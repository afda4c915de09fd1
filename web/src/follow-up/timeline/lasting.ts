/** A signed link is made anew on every read: the one on show stays until it no longer works. */
import { useEffect, useRef, useState } from "react";

export function useLasting(
  url: string | null,
  renew: () => void,
): { url: string | null; failed: () => void } {
  const [shown, setShown] = useState(url);
  const broken = useRef(false);
  const picture = pathOf(url);
  const before = useRef(picture);
  useEffect(() => {
    if (!broken.current && before.current === picture) return;
    before.current = picture;
    broken.current = false;
    setShown(url);
  }, [url, picture]);
  return {
    // Of another picture the old link is never shown.
    url: before.current === picture ? shown : url,
    failed: () => {
      if (broken.current) return;
      broken.current = true;
      renew();
    },
  };
}

/** What a link leads to, whatever its signature. */
function pathOf(url: string | null): string | null {
  return url?.split("?", 1)[0] ?? null;
}
