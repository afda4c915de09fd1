/** What so many units can show: the power of the planned test, in words. */
import { useTranslation } from "react-i18next";
import { rounded, share } from "../../plots/numbers";
import type { Power } from "./shapes";

const ENOUGH = 0.8;

export function PowerPart({ power }: { power: Power | null }) {
  const { t } = useTranslation("datasets");
  if (!power) return null;
  return (
    <section className={power.power < ENOUGH ? "notice" : "part"}>
      <h3>{t("selection.power")}</h3>
      <p>
        {t("selection.powerSays", {
          positives: power.positives,
          negatives: power.negatives,
          expected: rounded(power.expected, 2),
          threshold: rounded(power.threshold, 2),
          half: rounded(power.halfWidth),
          power: share(Math.floor(power.power * 100) / 100),
        })}{" "}
        {power.power >= ENOUGH
          ? t("selection.powerEnough")
          : power.needed && t("selection.powerNeeded", power.needed)}
      </p>
      <p className="hint">
        {t("selection.chance", { chance: share(Math.floor(power.chanceToPass * 100) / 100) })}
      </p>
    </section>
  );
}
