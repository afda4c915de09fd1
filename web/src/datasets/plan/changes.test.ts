import { expect, test } from "vitest";
import { changesBetween } from "./changes";

test("what is the same in both is no change", () => {
  const plan = { units: 200, classes: [{ key: "nevus", diagnoses: ["nevus"] }] };
  expect(changesBetween(plan, structuredClone(plan))).toEqual([]);
});

test("a change deep within a class is named by its path", () => {
  const before = { units: 200, classes: [{ key: "nevus", title: { ru: "Родинка", en: "nevus" } }] };
  const after = { units: 200, classes: [{ key: "nevus", title: { ru: "Невус", en: "nevus" } }] };
  expect(changesBetween(before, after)).toEqual([
    { field: "classes.0.title.ru", was: "Родинка", became: "Невус" },
  ]);
});

test("a class that is added is told whole", () => {
  const before = { classes: [{ key: "a" }] };
  const after = { classes: [{ key: "a" }, { key: "b", units: 40 }] };
  expect(changesBetween(before, after)).toEqual([{ field: "classes.1", was: "", became: "b; 40" }]);
});

test("criteria are compared as a whole, and lists of words too", () => {
  const before = { inclusion: [], kinds: ["dermoscopic"] };
  const after = {
    inclusion: [{ field: "age", operator: "at_least", value: 18 }],
    kinds: ["dermoscopic", "macroscopic"],
  };
  expect(changesBetween(before, after).map((each) => each.field)).toEqual(["inclusion", "kinds"]);
});
