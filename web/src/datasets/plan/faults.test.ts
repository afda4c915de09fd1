import { expect, test } from "vitest";
import { faultsOf, groupOf, pathOf, without } from "./faults";

test("faults of a changed plan stand at the plan's own fields", () => {
  expect(faultsOf({ "plan.target": "a", plan: "b", body: "c" })).toEqual({
    target: "a",
    "": "b",
    body: "c",
  });
});

test("a change takes away what it may have mended, and nothing else", () => {
  const faults = { "inclusion.0.value": "a", "inclusion.1": "b", inclusion: "c", units: "d" };
  expect(without(faults, pathOf("inclusion.0.typed"))).toEqual({ "inclusion.1": "b", units: "d" });
  expect(without(faults, "units")).not.toHaveProperty("units");
  expect(without(faults, "name.ru")).toBe(faults);
});

test("what is typed apart is told of under the plan's own name", () => {
  expect(pathOf("other_sources")).toBe("sources");
  expect(pathOf("exclusion.2.chosen")).toBe("exclusion.2.value");
});

test("every field has a group to be found in", () => {
  expect(groupOf("classes.1.units")).toBe("classes");
  expect(groupOf("name.ru")).toBe("task");
  expect(groupOf("body")).toBe("task");
});
