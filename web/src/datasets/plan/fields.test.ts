import { expect, test } from "vitest";
import { type ConditionField, draftOf, newPlan, numberOrText, type Plan, planOf } from "./fields";

const FIELDS = new Map<string, ConditionField>(
  (
    [
      ["age", "integer", []],
      ["sex", "choice", ["male", "female"]],
      ["freckles", "boolean", []],
      ["device_make", "text", []],
    ] as const
  ).map(([key, kind, choices]) => [
    key,
    {
      key,
      group: "survey",
      kind,
      labels: { ru: key, en: key },
      operators: ["is", "at_least"],
      choices: choices.map((choice) => ({ key: choice, labels: { ru: choice, en: choice } })),
      ordered: false,
      minimum: null,
      maximum: null,
    },
  ]),
);

const BOTH = { ru: "По-русски", en: "In English" };
const PLAN: Plan = {
  name: BOTH,
  abstract: BOTH,
  clinical_task: BOTH,
  clinical_use: BOTH,
  data_security: BOTH,
  features: [BOTH],
  working_group: [{ name: "A group", task: "clinician", affiliation: null, orcid: null }],
  keywords: ["skin", "melanoma"],
  language: "ru, en",
  funding: null,
  conflicts_of_interest: null,
  special_prohibitions: null,
  purpose: "clinical_test",
  access: "hidden",
  licence: "LicenseRef-Agreement",
  modality: "DSC",
  organ: "SKIN",
  target: "MEL",
  repeated: false,
  kinds: ["dermoscopic"],
  unit: "lesion",
  classes: [
    {
      key: "melanoma",
      title: BOTH,
      diagnoses: ["melanoma"],
      role: "positive",
      units: 40,
      requirements: BOTH,
    },
    {
      key: "nevus",
      title: BOTH,
      diagnoses: ["nevus"],
      role: "negative",
      units: null,
      requirements: BOTH,
    },
  ],
  verification: "high",
  sources: ["clinics", "an-import", "a-clinic"],
  inclusion: [
    { field: "age", operator: "at_least", value: 18 },
    { field: "sex", operator: "is", value: ["male", "female"] },
    { field: "freckles", operator: "is", value: true },
  ],
  non_inclusion: [],
  exclusion: [{ field: "device_make", operator: "is", value: ["One", "Two"] }],
  units: 200,
  most_of_one_device: 0.5,
  splits: [{ name: "train", share: 0.8 }],
  test: { expected_auc: 0.9, threshold_auc: 0.81, significance: 0.05 },
  seed: "a seed",
};

test("a plan that is opened and saved untouched is the same plan", () => {
  const draft = draftOf(PLAN, new Set(["clinics", "an-import"]), FIELDS);
  expect(draft.other_sources).toBe("a-clinic");
  expect(planOf(draft, FIELDS)).toEqual(PLAN);
});

test("numbers are taken with a comma or a point, and other words are left for the API to name", () => {
  expect(numberOrText("0,8")).toBe(0.8);
  expect(numberOrText(" 10 015 ")).toBe(10015);
  expect(numberOrText("")).toBeNull();
  expect(numberOrText("many")).toBe("many");
});

test("a condition that needs no value has none, whatever was typed before", () => {
  const draft = newPlan("s");
  draft.inclusion = [{ field: "age", operator: "is_recorded", chosen: [], typed: "18" }];
  expect(planOf(draft, FIELDS).inclusion).toEqual([
    { field: "age", operator: "is_recorded", value: null },
  ]);
});

test("several typed values of a text are several values", () => {
  const draft = newPlan("s");
  draft.exclusion = [{ field: "device_make", operator: "is", chosen: [], typed: "One, Two" }];
  expect(planOf(draft, FIELDS).exclusion).toEqual([
    { field: "device_make", operator: "is", value: ["One", "Two"] },
  ]);
});
