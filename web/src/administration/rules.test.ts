import { expect, test } from "vitest";
import { wanted } from "./rules";

test("what was not said is not asked for", () => {
  const values = { login: " reader ", role: "expert", clinic_id: "", qualified_since: "" } as const;
  expect(wanted(values)).toEqual({ login: "reader", role: "expert" });
});

test("a vendor is of no clinic, whatever was chosen before the role", () => {
  const values = { login: "v", role: "vendor", clinic_id: "c1", qualified_since: "2011" } as const;
  expect(wanted(values)).toEqual({ login: "v", role: "vendor", qualified_since: 2011 });
});
