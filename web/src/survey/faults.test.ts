import { describe, expect, it } from "vitest";
import type { Field } from "../api/contract";
import { Refusal } from "../api/errors";
import { type Filled, firstAnswers, surveyOf } from "./answers";
import { faultsByYear, faultsIn, faultsSaid, faultsShown, resolverOf } from "./faults";

const field = (key: string, kind: Field["kind"], rest: Partial<Field> = {}): Field => ({
  key,
  kind,
  required: true,
  labels: { ru: key, en: key },
  hint: null,
  minimum: null,
  maximum: null,
  choices: [],
  ...rest,
});

const FIELDS = [
  field("age", "integer", { minimum: 0, maximum: 120 }),
  field("site", "choice"),
  field("family_history", "choices"),
  field("sunburns", "choices", { required: false }),
  field("examined_on", "date"),
];

const SAY = {
  missing: "missing",
  codeShape: "shape",
  consentMissing: "consent",
  age: "age",
  ageRange: "range",
  future: "future",
  beforeBirth: "before",
};

const FILLED: Filled = {
  code: "0102 29.03.1975",
  answers: {
    age: "49",
    site: "torso",
    family_history: ["none"],
    sunburns: "",
    examined_on: "2025-03-28",
  },
  consent: { research: true, publication: false },
  spot: null,
};

const with_ = (answers: Filled["answers"]): Filled => ({
  ...FILLED,
  answers: { ...FILLED.answers, ...answers },
});

describe("a survey", () => {
  it("has no faults when everything is answered and agrees", () => {
    expect(faultsIn(FIELDS, FILLED, SAY)).toEqual({});
  });

  it("misses every required answer of an empty form", () => {
    const empty = { ...FILLED, code: "", answers: firstAnswers(FIELDS) };
    expect(Object.keys(faultsIn(FIELDS, empty, SAY)).sort()).toEqual([
      "age",
      "family_history",
      "patient_code",
      "site",
    ]);
  });

  it("takes an age one year off and no more", () => {
    expect(faultsIn(FIELDS, with_({ age: "50" }), SAY)).toEqual({});
    expect(faultsIn(FIELDS, with_({ age: "51" }), SAY)).toEqual({ age: "age" });
    expect(faultsIn(FIELDS, with_({ age: "121" }), SAY)).toEqual({ age: "range" });
    expect(faultsIn(FIELDS, with_({ age: "4.5" }), SAY)).toEqual({ age: "range" });
  });

  it("was neither before the birth nor will be in the future", () => {
    expect(faultsIn(FIELDS, with_({ examined_on: "1974-01-01" }), SAY).examined_on).toBe("before");
    expect(faultsIn(FIELDS, with_({ examined_on: "2999-01-01" }), SAY).examined_on).toBe("future");
  });

  it("needs consent to research", () => {
    const refused = { ...FILLED, consent: { research: false, publication: true } };
    expect(faultsIn(FIELDS, refused, SAY)).toEqual({ consent: "consent" });
  });

  it("is corrected by the year of birth alone", () => {
    expect(faultsByYear(FILLED.answers, 1975, SAY)).toEqual({});
    expect(faultsByYear({ ...FILLED.answers, age: "20" }, 1975, SAY)).toEqual({ age: "age" });
    expect(faultsByYear(FILLED.answers, 2026, SAY)).toEqual({ examined_on: "before" });
  });

  it("sends the place on the body only while it agrees with the site", () => {
    const marked: Filled = { ...FILLED, spot: { view: "front", x: 0.5, y: 0.25 } };
    expect(surveyOf(FIELDS, marked, {})).toMatchObject({ spot: marked.spot, sunburns: [] });
    const elsewhere = { ...marked, answers: { ...marked.answers, site: "legs" } };
    expect(surveyOf(FIELDS, elsewhere, {})).not.toHaveProperty("spot");
    expect(surveyOf(FIELDS, FILLED, {})).not.toHaveProperty("spot");
  });
});

describe("faults in the form", () => {
  it("stand where their fields are and come back by their keys", async () => {
    const found = { patient_code: "shape", age: "age", consent: "consent" };
    const { errors } = await resolverOf(() => found)(FILLED, undefined, {
      fields: {},
      shouldUseNativeValidation: false,
    });
    expect(faultsShown(errors)).toEqual(found);
  });

  it("are taken from the API by the head of their path", () => {
    const refusal = new Refusal(422, "invalid", "", { "family_history.0": "twice" }, "", {});
    expect(faultsSaid(refusal)).toEqual({ family_history: "twice" });
    expect(faultsSaid(new Error("other"))).toEqual({});
  });
});
