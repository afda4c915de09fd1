/** The ROC curve with its band, and the points of both thresholds. */
import { useTranslation } from "react-i18next";
import { Curve, type CurvePoint, type Mark } from "../../plots/curve";
import { Figure } from "../../plots/figure";
import { interval, rounded, withInterval } from "../../plots/numbers";
import { wilson } from "../../plots/wilson";
import type { At, Report } from "./shape";

export function Roc({ report }: { report: Report }) {
  const { t } = useTranslation("evaluation");
  const { target, counts } = report;
  if (!target) return null;
  const points: CurvePoint[] = report.roc.map(({ x, y }) => ({
    x,
    y,
    ...wilson(y * counts.positives, counts.positives),
  }));
  const marks = [
    markOf(t("report.claimedThreshold"), report.claimed, false),
    markOf(t("report.youdenThreshold"), report.youden, true),
  ].filter((each) => each !== null);
  return (
    <Figure
      title={t("report.roc", { auc: withInterval(target.value, target.low, target.high) })}
      note={t("report.rocNote")}
      figures={{
        head: [t("report.x"), t("report.y"), t("report.band")],
        rows: points.map(({ x, y, low = y, high = y }) => [
          rounded(x),
          rounded(y),
          interval(low, high),
        ]),
      }}
    >
      <Curve points={points} x={t("report.x")} y={t("report.y")} marks={marks} />
    </Figure>
  );
}

function markOf(name: string, at: At | null, hollow: boolean): Mark | null {
  if (!at) return null;
  const { sensitivity, specificity } = at;
  const reach = (value: number, low: number | null, high: number | null): [number, number] => [
    value - (low ?? value),
    (high ?? value) - value,
  ];
  const [below, above] = reach(specificity.value, specificity.low, specificity.high);
  return {
    name: `${name} (${rounded(at.threshold, 2)})`,
    x: 1 - specificity.value,
    y: sensitivity.value,
    // Across goes what is left of specificity, so its ends change places.
    xError: [above, below],
    yError: reach(sensitivity.value, sensitivity.low, sensitivity.high),
    hollow,
  };
}
