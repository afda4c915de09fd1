/** The key beside what it does; a voice reads the list of keys instead. */
import type { ReactNode } from "react";

export function Keycap({ children }: { children: ReactNode }) {
  return (
    <span className="keycap" aria-hidden="true">
      {children}
    </span>
  );
}
