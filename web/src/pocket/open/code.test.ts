import { expect, test } from "vitest";
import { codeInAddress, cursorAfter, grouped, isWhole } from "./code";

test.each([
  ["7kq4m2tx9fhrw3cd", "7KQ4-M2TX-9FHR-W3CD"],
  [" 7KQ4 M2TX — 9FHR.W3CD ", "7KQ4-M2TX-9FHR-W3CD"],
  ["7КQ4-М2ТХ", "7KQ4-M2TX"],
  ["7kq4m", "7KQ4-M"],
  ["", ""],
])("%j is read as %j", (typed, code) => {
  expect(grouped(typed)).toBe(code);
});

test("a code is whole with sixteen letters, and no more are taken", () => {
  expect(isWhole("7KQ4-M2TX-9FHR-W3C")).toBe(false);
  expect(isWhole("7KQ4-M2TX-9FHR-W3CD")).toBe(true);
  expect(grouped("7KQ4-M2TX-9FHR-W3CD-AAAA")).toBe("7KQ4-M2TX-9FHR-W3CD");
});

test("the address gives the code, a broken one gives none", () => {
  expect(codeInAddress("#7KQ4-M2TX-9FHR-W3CD")).toBe("7KQ4-M2TX-9FHR-W3CD");
  expect(codeInAddress("#%E0%A4%A")).toBe("");
  expect(codeInAddress("")).toBe("");
});

test("the cursor stays behind the letter that was typed", () => {
  expect(cursorAfter("7kq4m", 5)).toBe(6);
  expect(cursorAfter("7kq4", 4)).toBe(4);
  expect(cursorAfter("7KX Q4", 3)).toBe(3);
});
