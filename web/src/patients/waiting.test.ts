import { describe, expect, it } from "vitest";
import type { Question, Waiting } from "./queries";
import { byPatient } from "./waiting";

const due = (patient_id: string, survey_id: string) => ({ patient_id, survey_id }) as Waiting;
const asked = (patient_id: string, question_id: string) =>
  ({ patient_id, question_id }) as Question;

describe("what waits for a doctor", () => {
  it("is gathered by the patient", () => {
    const found = byPatient([due("a", "1"), due("a", "2"), due("b", "3")], [asked("b", "4")]);
    expect(found.get("a")).toMatchObject({ histology: [{}, {}], questions: [] });
    expect(found.get("b")).toMatchObject({ histology: [{}], questions: [{ question_id: "4" }] });
    expect(found.get("c")).toBeUndefined();
  });
});
