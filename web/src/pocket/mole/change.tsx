/** What has changed, in words and no further than the measuring goes. */
import { useTranslation } from "react-i18next";
import type { TakenImage, Timeline } from "../shapes";
import { millimetres } from "./millimetres";
import { measured, saysOf } from "./order";

interface Shown {
  change: Timeline["change"];
  images: readonly TakenImage[];
}

export function ChangeInWords({ change, images }: Shown) {
  const { t } = useTranslation("pocket");
  if (images.length < 2) return <p className="change">{t("mole.oneOnly")}</p>;
  const since = change?.since_first ?? null;
  const says = saysOf(since);
  const scales = measured(images).length;
  return (
    <section className="change" aria-label={t("mole.change")}>
      <p>
        <strong>{t(`mole.says.${says}`)}</strong>{" "}
        {since && typeof since.diameter_mm === "number" && says !== "nothing" && (
          <span>
            {t("mole.difference", { mm: millimetres(since.diameter_mm, since.error_mm, true) })}
          </span>
        )}
      </p>
      {says === "grew" && <p>{t("mole.grewWhat")}</p>}
      {says === "nothing" && <p>{t(scales < 2 ? "mole.noScales" : "mole.sameDay")}</p>}
      <p className="hint">{t("mole.changeMeans")}</p>
    </section>
  );
}
