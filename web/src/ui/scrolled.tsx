/** What may be wider or longer than its place: it scrolls, by the keyboard too. */
import type { ReactNode } from "react";
import "../styles/scrolled.css";

export function Scrolled({ name, children }: { name: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows scroll it once it has the focus
    <section className="scrolled" aria-label={name} tabIndex={0}>
      {children}
    </section>
  );
}
