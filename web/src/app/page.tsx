/** One page: its title in the tab and on top, and the focus there when one arrives from another. */
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

interface Shown {
  title: string;
  /** What stands beside the title: usually the one action of the page. */
  aside?: ReactNode;
  /** What stands above it: the way back. */
  above?: ReactNode;
  children: ReactNode;
}

let arrivals = 0;

export function Page({ title, aside, above, children }: Shown) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title, t]);
  useEffect(() => {
    // The first page of a visit leaves the focus where the browser put it.
    arrivals += 1;
    const taken = document.activeElement && document.activeElement !== document.body;
    const within = taken && document.querySelector("main")?.contains(document.activeElement);
    if (arrivals > 1 && !within) heading.current?.focus();
  }, []);
  return (
    <div className="page">
      {above && <div className="page-above">{above}</div>}
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </div>
  );
}
