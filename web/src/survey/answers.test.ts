import { describe, expect, it } from "vitest";
import type { Field, Survey } from "../api/contract";
import { answersOf, changed, toggled } from "./answers";
import { forget, handedOver, handOver } from "./handover";
import { surveyKey } from "./key";

const FIELDS = [
  { key: "age", kind: "integer" },
  { key: "diagnosis", kind: "choice" },
  { key: "sunburns", kind: "choices" },
  { key: "freckles", kind: "boolean" },
] as unknown as Field[];

const SURVEY = {
  survey_id: "lesion.survey",
  age: 49,
  diagnosis: null,
  sunburns: ["redness", "pain"],
  freckles: false,
} as unknown as Survey;

describe("a correction", () => {
  const stands = answersOf(FIELDS, SURVEY);

  it("is nothing while the answers stand as they were recorded", () => {
    expect(changed(FIELDS, SURVEY, stands)).toEqual({});
    expect(changed(FIELDS, SURVEY, { ...stands, sunburns: ["pain", "redness"] })).toEqual({});
  });

  it("holds what differs, as the API takes it", () => {
    const answers = { ...stands, age: "50", sunburns: [], diagnosis: "nevus", freckles: true };
    expect(changed(FIELDS, SURVEY, answers)).toEqual({
      age: 50,
      sunburns: [],
      diagnosis: "nevus",
      freckles: true,
    });
  });

  it("takes an optional answer back", () => {
    const told = { ...SURVEY, diagnosis: "nevus" } as Survey;
    expect(changed(FIELDS, told, { ...stands, diagnosis: "" })).toEqual({ diagnosis: null });
  });
});

describe("several answers", () => {
  it("exclude “none” and are excluded by it", () => {
    expect(toggled(["none"], "parent")).toEqual(["parent"]);
    expect(toggled(["parent", "sibling"], "none")).toEqual(["none"]);
    expect(toggled("", "parent")).toEqual(["parent"]);
    expect(toggled(["parent"], "parent")).toEqual([]);
  });
});

describe("a patient code on its way to the form", () => {
  it("is there until it was taken", () => {
    handOver("010229031975");
    expect(handedOver()).toBe("010229031975");
    expect(handedOver()).toBe("010229031975");
    forget();
    expect(handedOver()).toBe("");
  });
});

describe("a survey in an address", () => {
  it("has no dot", () => {
    expect(surveyKey(SURVEY)).toBe("survey");
  });
});
