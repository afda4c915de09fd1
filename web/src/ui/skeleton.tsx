/** The shape of what is being loaded, so that nothing jumps when it comes. */
import { useTranslation } from "react-i18next";

export function Skeleton({ rows = 4, shape = "line" }: { rows?: number; shape?: "line" | "tile" }) {
  const { t } = useTranslation();
  return (
    <div className={shape === "tile" ? "tiles" : "page"} role="status">
      <span className="unseen">{t("loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <div key={row} className={`bone bone-${shape}`} aria-hidden="true" />
      ))}
    </div>
  );
}
