/** What is around the image: dark unless the reader wishes otherwise, and the whole screen on demand. */
import { useState } from "react";

const KEPT = "rodinka.room";

export function useLightRoom() {
  const [on, setOn] = useState(() => kept() === "light");
  return {
    on,
    toggle: () => {
      const next = !on;
      setOn(next);
      try {
        localStorage.setItem(KEPT, next ? "light" : "dark");
      } catch {
        // Storage may be forbidden; then it lasts as long as the page.
      }
    },
  };
}

export function toggleFull(): void {
  // Windows above the room stand outside of it, so it is the whole page that grows.
  const done = document.fullscreenElement
    ? document.exitFullscreen()
    : document.documentElement.requestFullscreen?.();
  done?.catch(() => undefined); // A browser may refuse, and nothing is lost.
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
