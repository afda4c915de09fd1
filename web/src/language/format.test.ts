import { afterEach, expect, test } from "vitest";
import { counted, percent } from "./format";
import { switchLanguage } from "./index";

afterEach(() => switchLanguage("ru"));

const IMAGES = { one: "снимок", few: "снимка", many: "снимков", other: "снимка" };

test.each([
  [1, "1\u00a0снимок"],
  [2, "2\u00a0снимка"],
  [5, "5\u00a0снимков"],
  [11, "11\u00a0снимков"],
  [21, "21\u00a0снимок"],
  [102, "102\u00a0снимка"],
])("%i is counted as Russian counts it", (count, said) => {
  expect(counted(count, IMAGES)).toBe(said);
});

test("almost nothing and almost all are never rounded to nothing and all", async () => {
  await switchLanguage("en");
  expect(percent(0.001)).toBe("<\u00a01%");
  expect(percent(0.9999)).toBe(">\u00a099%");
  expect(percent(0)).toBe("0%");
  expect(percent(1)).toBe("100%");
});
