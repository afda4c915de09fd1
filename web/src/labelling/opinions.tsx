/** What the first two readers said, for the senior: as they come, by letters, not by names. */
import { useTranslation } from "react-i18next";
import { useClassName } from "../images/opinion";
import type { Arbitration, Assignment, Opinion } from "./queries";

export function opinionsOf(item: Assignment): readonly Opinion[] {
  return item.round === "arbitration" ? ((item as Arbitration).readings ?? []) : [];
}

/** Why the first two readings did not settle it. */
export function whyAsked(opinions: readonly Opinion[]): "differ" | "unsaid" | "outlines" {
  const said = opinions.map(({ diagnosis, image_quality }) =>
    diagnosis === "unknown" || image_quality === "unusable" ? null : diagnosis,
  );
  if (said.every((each) => each === null)) return "unsaid";
  return said.every((each) => each === said[0]) ? "outlines" : "differ";
}

export function letterOf(place: number): string {
  return String.fromCharCode("A".charCodeAt(0) + place);
}

export function Opinions({ opinions }: { opinions: readonly Opinion[] }) {
  const { t } = useTranslation("reading");
  return (
    <section className="opinions" aria-labelledby="arbitration">
      <div>
        <h2 id="arbitration">{t("arbitration.title")}</h2>
        <p className="hint">{t(`arbitration.${whyAsked(opinions)}`)}</p>
      </div>
      <ul>
        {opinions.map((opinion, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they stay in the order they came in
          <li key={place}>
            <One opinion={opinion} place={place} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function One({ opinion, place }: { opinion: Opinion; place: number }) {
  const { t } = useTranslation("reading");
  const nameOf = useClassName();
  const { diagnosis, differential, confidence, image_quality, outline, comment } = opinion;
  const line = t(place === 0 ? "arbitration.solid" : "arbitration.dashed");
  const said = [
    confidence && t("arbitration.confidence", { value: confidence }),
    differential.length > 0 &&
      t("arbitration.alsoPossible", { classes: differential.map(nameOf).join(", ") }),
    image_quality !== "good" &&
      t("arbitration.quality", { quality: t(`qualities.${image_quality}`).toLocaleLowerCase() }),
    outline ? t("arbitration.outlined", { line }) : t("arbitration.noOutline"),
  ].filter(Boolean);
  return (
    <>
      <small>{t("arbitration.reader", { letter: letterOf(place) })}</small>
      <strong>{nameOf(diagnosis)}</strong>
      <span className="hint">{said.join("; ")}</span>
      {comment && <q className="hint">{comment}</q>}
    </>
  );
}

/** Their borders over the image: the first one solid, the second dashed, each with its letter. */
export function OpinionOutlines({ opinions }: { opinions: readonly Opinion[] }) {
  return opinions.map(({ outline }, place) => {
    const points = outline?.map(([x, y]) => `${x},${y}`).join(" ");
    const [x = 0, y = 0] = outline?.[0] ?? [];
    return (
      points && (
        <svg
          // biome-ignore lint/suspicious/noArrayIndexKey: they stay in the order they came in
          key={place}
          className={place === 0 ? "outline" : "outline dashed"}
          aria-hidden="true"
        >
          <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
            <polygon points={points} className="outline-under" />
            <polygon points={points} className="outline-over" />
          </svg>
          <text x={`${x * 100}%`} y={`${y * 100}%`} dx="6" dy="-6">
            {letterOf(place)}
          </text>
        </svg>
      )
    );
  });
}
