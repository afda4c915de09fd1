import { expect, test } from "vitest";
import { faultsOfFile, listOfUnits, resultsIn, Unreadable } from "./results-file";

const whyOf = (text: string) => {
  try {
    resultsIn(text);
  } catch (error) {
    if (error instanceof Unreadable) return error.reason;
  }
  return null;
};

test("JSON is taken as the API has it, or as the list alone", () => {
  const one = { unit_id: "u1", probabilities: { nevus: 1 } };
  expect(resultsIn(JSON.stringify({ results: [one] }))).toEqual([one]);
  expect(resultsIn(JSON.stringify([one]))).toEqual([one]);
});

test("a spreadsheet's CSV is taken with its own divider, quotes and decimal commas", () => {
  const csv =
    '\ufeffunit_id;melanoma;nevus;refused;reason\r\nu1;"0,25";0,75;;\r\nu2;;;true;"dark; no skin"\r\n';
  expect(resultsIn(csv)).toEqual([
    { unit_id: "u1", probabilities: { melanoma: 0.25, nevus: 0.75 } },
    { unit_id: "u2", refused: true, reason: "dark; no skin" },
  ]);
});

test("what is no results file is said to be none, and why", () => {
  expect(whyOf("{")).toEqual({ why: "json" });
  expect(whyOf('{"units": []}')).toEqual({ why: "shape" });
  expect(whyOf("[]")).toEqual({ why: "empty" });
  expect(whyOf("name,nevus\nu1,1")).toEqual({ why: "header" });
  expect(whyOf("unit_id,nevus\nu1,much")).toEqual({ why: "number", line: 2, column: "nevus" });
  expect(whyOf(`unit_id,nevus\n${"u,1\n".repeat(501)}`)).toEqual({ why: "large", most: 500 });
});

test("the list of units comes back as a results file once it is filled in", () => {
  const units = [{ unit_id: "u1", image_url: "https://x/?a=1,2", content_type: "image/jpeg" }];
  const list = listOfUnits(units, ["melanoma", "nevus"]);
  expect(list).toBe(
    'unit_id,image_url,content_type,melanoma,nevus,refused,reason\r\nu1,"https://x/?a=1,2",image/jpeg,,,,',
  );
  const answered = list.replace("image/jpeg,,,,", "image/jpeg,0.2,0.8,,");
  expect(resultsIn(answered)).toEqual([
    { unit_id: "u1", probabilities: { melanoma: 0.2, nevus: 0.8 } },
  ]);
});

test("faults are told in the file's order, with the unit they are about", () => {
  const results = [{ unit_id: "u1" }, "no object"];
  expect(
    faultsOfFile(
      {
        "results.1": "Give an object.",
        "results.0.probabilities.nevus": "Give a number.",
        "missing.u2": "The result of this unit is missing.",
      },
      results,
    ),
  ).toEqual([
    { unit: "u2", path: "missing.u2", sentence: "The result of this unit is missing." },
    { unit: "u1", path: "results.0.probabilities.nevus", sentence: "Give a number." },
    { unit: "", path: "results.1", sentence: "Give an object." },
  ]);
});
