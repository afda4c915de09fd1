/** The report of a test, read from the API's open object: a figure that is not there is null, and not shown. */
import type { Labels } from "../../api/contract";
import {
  countOf,
  type Loose,
  labelsOf,
  listOf,
  numberOf,
  objectOf,
  objectOrNull,
  objectsOf,
  textOf,
} from "../../api/loose";

export interface Estimate {
  value: number;
  low: number | null;
  high: number | null;
}

export interface Area extends Estimate {
  bootstrap: { low: number; high: number } | null;
}

export interface At {
  threshold: number;
  named: boolean;
  sensitivity: Estimate;
  specificity: Estimate;
}

export interface Bin {
  from: number;
  to: number;
  mean: number;
  observed: number;
  units: number;
}

export interface Group {
  by: string;
  value: string;
  positives: number;
  negatives: number;
  auc: Estimate;
}

export interface Report {
  counts: Record<
    "units" | "positives" | "negatives" | "defects" | "refused" | "unanswered" | "withdrawn",
    number
  >;
  target: Area | null;
  answered: Area | null;
  macro: Area | null;
  byClass: { key: string; area: Area }[];
  claimed: At | null;
  youden: At | null;
  calibration: { ece: number | null; brier: number | null; bins: Bin[] };
  roc: { x: number; y: number }[];
  /** `keys` are those of the classes, in the order of their titles. */
  confusion: { keys: string[]; titles: Labels[]; counts: number[][] };
  seconds: {
    median: number;
    p95: number;
    worst: number;
    units: number;
    claimed: number | null;
  } | null;
  deviations: { metric: string; claimed: number; measured: number; worseBy: number }[];
  groups: Group[];
  leftOut: { by: string; value: string; reason: Labels }[];
  experts: { reader: string; readings: number; agreement: Estimate | null; kappa: number | null }[];
  functional:
    | { device: string; defect: boolean; outcome: Outcome; seconds: number | null }[]
    | null;
  passed: boolean;
  reasons: { passed: boolean; words: Labels }[];
}

export type Outcome = "processed" | "refused" | "none";

/** Null where there is no verdict to show. */
export function reportOf(value: unknown): Report | null {
  const found = objectOrNull(value);
  const verdict = objectOrNull(found?.verdict);
  if (!found || !verdict) return null;
  const auc = objectOf(found.auc);
  const thresholds = objectOf(found.thresholds);
  const functional = objectOrNull(found.functional);
  return {
    counts: countsOf(found),
    target: areaOf(auc.target),
    answered: areaOf(auc.answered),
    macro: areaOf(auc.macro),
    byClass: Object.entries(objectOf(auc.by_class)).flatMap(([key, each]) => {
      const area = areaOf(each);
      return area ? [{ key, area }] : [];
    }),
    claimed: atOf(thresholds.claimed),
    youden: atOf(thresholds.youden),
    calibration: calibrationOf(found.calibration),
    roc: listOf(objectOf(found.roc).target).flatMap((each) => {
      const [x, y] = listOf(each).map(numberOf);
      return x != null && y != null ? [{ x, y }] : [];
    }),
    confusion: confusionOf(found.confusion),
    seconds: secondsOf(found.seconds),
    deviations: Object.entries(objectOf(found.claimed_deviation)).map(([metric, each]) => {
      const told = objectOf(each);
      return {
        metric,
        claimed: countOf(told.claimed),
        measured: countOf(told.measured),
        worseBy: countOf(told.worse_by),
      };
    }),
    groups: objectsOf(found.subgroups).flatMap(groupOf),
    leftOut: objectsOf(found.subgroups_left_out).map((each) => ({
      by: textOf(each.by),
      value: textOf(each.value),
      reason: labelsOf(each.reason),
    })),
    experts: objectsOf(found.experts).map((each) => ({
      reader: textOf(each.reader),
      readings: countOf(each.readings),
      agreement: estimateOf(each.agreement, each.low, each.high),
      kappa: numberOf(each.kappa),
    })),
    functional: functional && objectsOf(functional.units).map(unitOf),
    passed: verdict.passed === true,
    reasons: objectsOf(verdict.reasons).map((each) => ({
      passed: each.passed === true,
      words: labelsOf(each),
    })),
  };
}

function countsOf(found: Loose): Report["counts"] {
  return {
    units: countOf(found.units),
    positives: countOf(found.positives),
    negatives: countOf(found.negatives),
    defects: countOf(found.defects),
    refused: countOf(found.refused),
    unanswered: countOf(found.unanswered),
    withdrawn: countOf(found.withdrawn),
  };
}

function estimateOf(value: unknown, low: unknown, high: unknown): Estimate | null {
  const number = numberOf(value);
  return number === null ? null : { value: number, low: numberOf(low), high: numberOf(high) };
}

function areaOf(value: unknown): Area | null {
  const found = objectOf(value);
  const [low, high] = listOf(found.delong);
  const estimate = estimateOf(found.value, low, high);
  const [from, to] = listOf(found.bootstrap).map(numberOf);
  const bootstrap = from != null && to != null ? { low: from, high: to } : null;
  return estimate && { ...estimate, bootstrap };
}

function atOf(value: unknown): At | null {
  const found = objectOf(value);
  const threshold = numberOf(found.threshold);
  const share = (each: unknown) => {
    const told = objectOf(each);
    return estimateOf(told.value, told.low, told.high);
  };
  const [sensitivity, specificity] = [share(found.sensitivity), share(found.specificity)];
  if (threshold === null || !sensitivity || !specificity) return null;
  return { threshold, named: found.named !== false, sensitivity, specificity };
}

function calibrationOf(value: unknown): Report["calibration"] {
  const found = objectOf(value);
  return {
    ece: numberOf(found.ece),
    brier: numberOf(found.brier),
    bins: objectsOf(found.bins).flatMap((each) => {
      const [mean, observed, units] = [
        numberOf(each.mean),
        numberOf(each.observed),
        countOf(each.units),
      ];
      if (mean === null || observed === null || units === 0) return [];
      return [{ from: countOf(each.from), to: countOf(each.to), mean, observed, units }];
    }),
  };
}

function confusionOf(value: unknown): Report["confusion"] {
  const found = objectOf(value);
  const keys = listOf(found.labels).map(textOf);
  const titles = listOf(found.titles).map(labelsOf);
  const counts = listOf(found.counts).map((row) => listOf(row).map(countOf));
  const square =
    counts.length === titles.length && counts.every((row) => row.length === counts.length);
  return square ? { keys, titles, counts } : { keys: [], titles: [], counts: [] };
}

function secondsOf(value: unknown): Report["seconds"] {
  const found = objectOrNull(value);
  if (!found || numberOf(found.worst) === null) return null;
  return {
    median: countOf(found.median),
    p95: countOf(found.p95),
    worst: countOf(found.worst),
    units: countOf(found.units),
    claimed: numberOf(found.claimed),
  };
}

function groupOf(each: Loose): Group[] {
  const auc = estimateOf(each.auc, each.low, each.high);
  if (!auc) return [];
  return [
    {
      by: textOf(each.by),
      value: textOf(each.value),
      positives: countOf(each.positives),
      negatives: countOf(each.negatives),
      auc,
    },
  ];
}

function unitOf(each: Loose) {
  const outcome: Outcome =
    each.processed === true ? "processed" : each.refused === true ? "refused" : "none";
  return {
    device: textOf(each.device),
    defect: each.defect === true,
    outcome,
    seconds: numberOf(each.seconds),
  };
}
