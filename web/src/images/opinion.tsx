/** What the model thinks of an image: nine bars, its name and version, and what they are not. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Classification } from "../api/contract";
import { vocabulariesQuery } from "../api/queries";
import { labelOf } from "../language";
import { percent } from "../language/format";

interface Shown {
  opinion: Classification;
  /** How many of the nine bars, where there is no room for all. */
  most?: number;
}

export function Opinion({ opinion, most }: Shown) {
  const { t } = useTranslation();
  const nameOf = useClassName();
  const { model, top, abstained, reason } = opinion;
  // Of a picture that is not dermatoscopic it has no probabilities to show.
  const unjudged = reason && reason.code !== "unsure" ? reason : null;
  const bars = Object.entries(opinion.probabilities)
    .sort(([, a], [, b]) => b - a)
    .slice(0, most);
  return (
    <section className="opinion">
      <h3>{t("opinion.title")}</h3>
      <p className="verdict">
        {unjudged
          ? t("opinion.unjudged")
          : abstained
            ? t("opinion.abstained")
            : t("opinion.top", { name: nameOf(top) })}
      </p>
      {abstained && <p>{unjudged ? unjudged.message : t("opinion.abstainedWhy")}</p>}
      <Doubt opinion={opinion} />
      {!unjudged && (
        <ul className="bars" aria-label={t("opinion.caption")}>
          {bars.map(([key, share]) => (
            <li key={key} className={key === top && !abstained ? "bar top" : "bar"}>
              <span className="bar-name">{nameOf(key)}</span>
              <span className="bar-share">{percent(share)}</span>
              <svg
                className="bar-line"
                viewBox="0 0 100 1"
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <rect className="bar-rest" width="100" height="1" />
                <rect className="bar-part" width={Math.max(share * 100, 0)} height="1" />
              </svg>
            </li>
          ))}
        </ul>
      )}
      <p className="hint">
        <strong>{t("notADiagnosis")}</strong>{" "}
        {t("opinion.model", { name: model.name, version: model.version })}.
      </p>
    </section>
  );
}

/** How often such an answer was right, and a warning of melanoma where it is not the answer. */
function Doubt({ opinion }: { opinion: Classification }) {
  const { t } = useTranslation();
  const nameOf = useClassName();
  const { reliability, melanoma_alert, probabilities, top } = opinion;
  const warned = melanoma_alert && top !== "melanoma";
  return (
    <>
      {reliability && (
        <p>
          {t(reliability.class ? "opinion.reliableClass" : "opinion.reliable", {
            of: reliability.of_100,
            name: nameOf(top),
          })}{" "}
          <small>
            {t("opinion.counted", {
              low: reliability.low,
              high: reliability.high,
              images: reliability.images,
            })}
          </small>
        </p>
      )}
      {warned && (
        <p className="notice">
          {t("opinion.melanoma", { share: percent(probabilities.melanoma ?? 0) })}
        </p>
      )}
    </>
  );
}

/** The name of one of the nine classes; its key until the vocabulary is there. */
export function useClassName(): (key: string) => string {
  const words = useQuery(vocabulariesQuery).data;
  return (key) => {
    const found = words?.classes.find((each) => each.key === key);
    return found ? labelOf(found.labels) : key;
  };
}
