/** What the model thinks of an image: nine bars, its name and version, and what they are not. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Classification } from "../api/contract";
import { vocabulariesQuery } from "../api/queries";
import { labelOf } from "../language";
import { percent } from "../language/format";

export function Opinion({ opinion }: { opinion: Classification }) {
  const { t } = useTranslation();
  const nameOf = useClassName();
  const { model, top, abstained } = opinion;
  const bars = Object.entries(opinion.probabilities).sort(([, a], [, b]) => b - a);
  return (
    <section className="opinion">
      <h3>{t("opinion.title")}</h3>
      <p className="verdict">
        {abstained ? t("opinion.abstained") : t("opinion.top", { name: nameOf(top) })}
      </p>
      {abstained && <p>{t("opinion.abstainedWhy")}</p>}
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
      <p className="hint">
        <strong>{t("notADiagnosis")}</strong>{" "}
        {t("opinion.model", { name: model.name, version: model.version })}.
      </p>
    </section>
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
