import { describe, expect, it } from "vitest";
import { asked, NOTHING, toCorrect, toSend } from "./findings";

const MELANOMA = {
  ...NOTHING,
  diagnosis: "melanoma",
  reported_on: "2025-05-01",
  method: "excision",
  margins: "clear",
  breslow_mm: "0,8",
  ulceration: "no" as const,
  icd10: "c43.5",
};

describe("a report's findings", () => {
  it("are sent as numbers, flags and codes, and only those that were entered", () => {
    expect(toSend(MELANOMA)).toEqual({
      diagnosis: "melanoma",
      reported_on: "2025-05-01",
      method: "excision",
      margins: "clear",
      breslow_mm: 0.8,
      ulceration: false,
      icd10: "C43.5",
    });
  });

  it("leave out what has no meaning beside the others", () => {
    const nevus = { ...MELANOMA, diagnosis: "nevus", method: "punch", icd10: "" };
    expect(toSend(nevus)).toEqual({
      diagnosis: "nevus",
      reported_on: "2025-05-01",
      method: "punch",
    });
    expect(asked("margins", { ...NOTHING, method: "shave" })).toBe(true);
    expect(asked("pt_stage", { ...NOTHING, diagnosis: "nevus" })).toBe(false);
  });

  it("are corrected by what differs alone; null takes a value away", () => {
    const nevus = { ...MELANOMA, diagnosis: "nevus", icd10: "D22.5" };
    expect(toCorrect(MELANOMA, nevus, "typed wrongly")).toEqual({
      diagnosis: "nevus",
      icd10: "D22.5",
      breslow_mm: null,
      ulceration: null,
      reason: "typed wrongly",
    });
  });

  it("that are no numbers go as they are, to be refused with a sentence", () => {
    expect(toSend({ ...MELANOMA, breslow_mm: "thin" }).breslow_mm).toBe("thin");
  });
});
