/** The reliability diagram: what was said, and how often it was so. */
import { useTranslation } from "react-i18next";
import { Curve } from "../../plots/curve";
import { Figure } from "../../plots/figure";
import { interval, rounded, whole } from "../../plots/numbers";
import { wilson } from "../../plots/wilson";
import type { Report } from "./shape";

export function Calibration({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  const { ece, brier, bins } = report.calibration;
  const told = (value: number | null) => (value === null ? "—" : rounded(value));
  const points = bins.map((bin) => ({
    x: bin.mean,
    y: bin.observed,
    ...wilson(bin.observed * bin.units, bin.units),
  }));
  return (
    <Figure
      title={t("report.calibration", { ece: told(ece), brier: told(brier) })}
      note={t("report.calibrationNote")}
      figures={{
        head: [
          t("report.bin"),
          t("report.predicted"),
          t("report.observed"),
          t("report.band"),
          t("report.units"),
        ],
        rows: bins.map((bin, place) => [
          `${rounded(bin.from, 1)}–${rounded(bin.to, 1)}`,
          rounded(bin.mean),
          rounded(bin.observed),
          interval(points[place]?.low ?? 0, points[place]?.high ?? 1),
          whole(bin.units),
        ]),
      }}
    >
      <Curve points={points} x={t("report.predicted")} y={t("report.observed")} dotted />
    </Figure>
  );
}
