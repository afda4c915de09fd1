/** What a preview or a public page tells of a selection, read from the API's open objects. */
import type { Labels } from "../../api/contract";
import {
  countOf,
  type Loose,
  labelsOf,
  listOf,
  numberOf,
  numbersOf,
  objectOf,
  objectOrNull,
  objectsOf,
  textOf,
} from "../../api/loose";

export interface Step {
  key: string;
  title: Labels;
  reason: Labels;
  dropped: number;
  left: number;
  patients: number;
}

export function flowOf(value: unknown): Step[] {
  return objectsOf(value).map((step) => ({
    key: textOf(step.step),
    title: labelsOf(step.title),
    reason: labelsOf(step.reason),
    dropped: countOf(step.dropped),
    left: countOf(step.left),
    patients: countOf(step.patients_left),
  }));
}

export interface Counts {
  units: number;
  lesions: number;
  patients: number;
  classes: Record<string, number>;
  /** By dimension, then class, then value: units. */
  by: Record<string, Record<string, Record<string, number>>>;
}

/** Null where nothing was counted. */
export function countsOf(value: unknown): Counts | null {
  const found = objectOrNull(value);
  if (!found || numberOf(found.units) === null) return null;
  const by = Object.entries(objectOf(found.by)).map(([dimension, classes]) => [
    dimension,
    Object.fromEntries(
      Object.entries(objectOf(classes)).map(([key, values]) => [key, numbersOf(values)]),
    ),
  ]);
  return {
    units: countOf(found.units),
    lesions: countOf(found.lesions),
    patients: countOf(found.patients),
    classes: numbersOf(found.classes),
    by: Object.fromEntries(by),
  };
}

export interface Combination {
  age: string;
  sex: string;
  site: string;
  skinType: string;
  patients: number;
  units: number;
}

export interface Privacy {
  k: number;
  reached: number;
  levels: Record<string, string>;
  suppressed: Record<string, number>;
  dropped: number;
  table: Combination[];
  combinations: number;
}

export function privacyOf(value: unknown): Privacy | null {
  const found = objectOrNull(value);
  if (!found || numberOf(found.k) === null) return null;
  const table = objectsOf(found.table).map(combinationOf);
  return {
    k: countOf(found.k),
    reached: countOf(found.reached),
    levels: Object.fromEntries(
      Object.entries(objectOf(found.levels)).map(([name, level]) => [name, textOf(level)]),
    ),
    suppressed: numbersOf(found.suppressed),
    dropped: countOf(found.dropped),
    table,
    combinations: numberOf(found.combinations) ?? table.length,
  };
}

function combinationOf(row: Loose): Combination {
  return {
    age: textOf(row.age),
    sex: textOf(row.sex),
    site: textOf(row.site),
    skinType: textOf(row.skin_type),
    patients: countOf(row.patients),
    units: countOf(row.units),
  };
}

export interface Power {
  positives: number;
  negatives: number;
  expected: number;
  threshold: number;
  significance: number;
  halfWidth: number;
  power: number;
  chanceToPass: number;
  needed: { positives: number; negatives: number } | null;
}

export function powerOf(value: unknown): Power | null {
  const found = objectOrNull(value);
  if (!found || numberOf(found.power) === null) return null;
  const needed = objectOrNull(found.needed);
  return {
    positives: countOf(found.positives),
    negatives: countOf(found.negatives),
    expected: countOf(found.expected_auc),
    threshold: countOf(found.threshold_auc),
    significance: countOf(found.significance),
    halfWidth: countOf(found.half_width),
    power: countOf(found.power),
    chanceToPass: countOf(found.chance_to_pass),
    needed: needed && {
      positives: countOf(needed.positives),
      negatives: countOf(needed.negatives),
    },
  };
}

export interface Difference {
  part: string;
  words: Labels;
}

export interface Selected {
  version: string;
  previous: string;
  difference: Difference;
  flow: Step[];
  counts: Counts | null;
  privacy: Privacy | null;
  splits: { name: string; units: number; patients: number; classes: Record<string, number> }[];
  duplicates: { groups: number; units: number };
  disputed: { read: number; afterTwo: number | null; afterThree: number | null };
  power: Power | null;
  /** Chosen images that no curator has looked at. */
  waiting: number;
  /** All images that meet the criteria and wait for a look. */
  unlooked: number;
  problems: { words: Labels; fatal: boolean }[];
}

/** A preview's result; null where there is none. */
export function selectedOf(value: unknown): Selected | null {
  const found = objectOrNull(value);
  if (!found) return null;
  const difference = objectOf(found.difference);
  const duplicates = objectOf(found.duplicates);
  const agreement = objectOf(found.agreement);
  return {
    version: textOf(found.version),
    previous: textOf(found.previous_version),
    difference: { part: textOf(difference.part), words: labelsOf(difference.words) },
    flow: flowOf(found.flow),
    counts: countsOf(found.counts),
    privacy: privacyOf(found.privacy),
    splits: Object.entries(objectOf(found.splits)).map(([name, each]) => {
      const split = objectOf(each);
      return {
        name,
        units: countOf(split.units),
        patients: countOf(split.patients),
        classes: numbersOf(split.classes),
      };
    }),
    duplicates: { groups: countOf(duplicates.groups), units: countOf(duplicates.units) },
    disputed: {
      read: countOf(agreement.images_read),
      afterTwo: numberOf(agreement.share_disputed_after_two),
      afterThree: numberOf(agreement.share_disputed_after_three),
    },
    power: powerOf(found.power),
    waiting: countOf(found.waiting),
    unlooked: countOf(found.unlooked),
    problems: objectsOf(found.problems).map((each) => ({
      words: labelsOf(each),
      fatal: each.fatal === true,
    })),
  };
}

/** Passages in both languages. */
export function passagesOf(value: unknown): Labels[] {
  return listOf(value).map(labelsOf);
}

/** Whether a preview tells what the next release would be: the plan is still that one, and nothing was released since. */
export function isFresh(
  preview: { current: boolean; computed_at: string | null },
  releases: readonly { at: string }[],
): boolean {
  const computed = preview.computed_at;
  return preview.current && computed !== null && releases.every((each) => each.at < computed);
}
