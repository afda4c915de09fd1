/** What was measured of a lesion, each figure with its doubt and the scale it rests on. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/contract";
import "../follow-up/words";
import { percent } from "../language/format";
import { amount, measured } from "./quantity";
import "./pairs.css";

type Measurements = Schemas["Measurements"];

interface Shown {
  measurements: Measurements;
  /** Millimetres from pixel to pixel, as the sender told. */
  spacingMm: number | null;
}

export function MeasurementsList({ measurements, spacingMm }: Shown) {
  const { t } = useTranslation("follow_up");
  const colours = useColours(measurements);
  const { asymmetry, border } = measurements;
  return (
    <section className="measurements">
      <h3>{t("measured.title")}</h3>
      <dl className="pairs">
        <Pair name={t("measured.diameter")} said={useDiameter()(measurements)} />
        <Pair name={t("measured.area")} said={useArea()(measurements)} />
        <Pair name={t("measured.asymmetry")} said={t(`measured.axes.${axesOf(asymmetry.axes)}`)} />
        <Pair
          name={t("measured.border")}
          said={t("measured.segments", { count: border.abrupt_segments })}
        />
        <Pair name={t("measured.colours")} said={colours || t("measured.noColours")} />
      </dl>
      {measurements.cut && <p className="notice">{t("measured.cut")}</p>}
      <small>
        {spacingMm
          ? t("measured.scale", { spacing: amount(spacingMm, 4, t("unit.mm")) })
          : t("measured.noScale")}
      </small>
    </section>
  );
}

function Pair({ name, said }: { name: string; said: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{said}</dd>
    </div>
  );
}

/** In millimetres, or as a part of the picture. */
export function useDiameter(): (measurements: Measurements) => string {
  const { t } = useTranslation("follow_up");
  return ({ diameter_mm: mm, diameter_widths: widths }) =>
    mm ? measured(mm, t("unit.mm")) : t("measured.ofWidth", { share: percent(widths) });
}

function useArea(): (measurements: Measurements) => string {
  const { t } = useTranslation("follow_up");
  return ({ area_mm2: mm2, area_share: share }) =>
    mm2 ? measured(mm2, t("unit.mm2")) : t("measured.ofArea", { share: percent(share) });
}

/** The colours that are there, the widest first. */
function useColours({ colours, colours_present: present }: Measurements): string {
  const { t } = useTranslation("follow_up");
  return [...present]
    .sort((one, other) => (colours[other] ?? 0) - (colours[one] ?? 0))
    .map((each) => `${t(`colour.${each}`)} ${percent(colours[each] ?? 0)}`)
    .join(", ");
}

/** Bad data must not become a missing word. */
export function axesOf(axes: number): "0" | "1" | "2" {
  return axes >= 2 ? "2" : axes >= 1 ? "1" : "0";
}
