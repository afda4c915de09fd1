/** The steps of a release in their order: which are done, which goes on, which are to come. */
import { useTranslation } from "react-i18next";
import type { Release } from "../queries";

const STEPS = ["requested", "building", "documenting", "published"] as const;

export function Steps({ release }: { release: Release }) {
  const { t } = useTranslation("datasets");
  const now = STEPS.map(String).indexOf(release.state);
  const { shards, of } = release.progress;
  return (
    <ol className="steps" aria-live="polite">
      {STEPS.map((step, place) => {
        const state = place < now ? "stepDone" : place === now ? "stepNow" : "stepNext";
        return (
          <li key={step} className={state} aria-current={place === now ? "step" : undefined}>
            <strong>{t(`releases.step.${step}`)}</strong>
            <small>
              {t(`releases.${state}`)}
              {step === "building" && place === now && of > 0 && (
                <>
                  {", "}
                  {t("releases.archives", { done: shards, of })}
                </>
              )}
            </small>
            {step === "building" && place === now && of > 0 && (
              <progress value={shards} max={of} aria-label={t("releases.step.building")} />
            )}
          </li>
        );
      })}
    </ol>
  );
}
