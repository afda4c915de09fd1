import { expect, test } from "vitest";
import { begunThisMonth } from "./month";
import { isFor } from "./sets";

test("only tests of this calendar month count, by UTC", () => {
  const tests = [
    { created_at: "2026-10-31T23:59:59Z" },
    { created_at: "2026-11-01T00:00:00Z" },
    { created_at: "2026-11-27T01:21:20.763323Z" },
  ];
  expect(begunThisMonth(tests, new Date("2026-11-30T23:00:00Z"))).toBe(2);
});

test("a set is for the one test that its code names", () => {
  expect(isFor({ code: "DS_CT-I_DSC_SKIN_MAL" }, "KlT-I")).toBe(true);
  expect(isFor({ code: "DS_CT-II_DSC_SKIN_MAL" }, "KlT-I")).toBe(false);
  expect(isFor({ code: "DS_FT-I_DSC_SKIN_MAL" }, "FT-II")).toBe(false);
});
