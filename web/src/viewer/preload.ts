/** Pictures that will be wanted next are fetched and decoded ahead, so that they are there at once. */
import { useEffect, useRef } from "react";

export function usePreloaded(links: readonly string[]): void {
  // An image that nobody holds is forgotten together with what was fetched for it.
  const held = useRef(new Map<string, HTMLImageElement>());
  useEffect(() => {
    const wanted = new Set(links);
    for (const link of held.current.keys()) if (!wanted.has(link)) held.current.delete(link);
    for (const link of wanted) {
      if (held.current.has(link)) continue;
      const image = new Image();
      image.src = link;
      held.current.set(link, image);
      // A link that fails here is asked for anew by whoever shows the picture.
      image.decode().catch(() => held.current.delete(link));
    }
  }, [links]);
}
