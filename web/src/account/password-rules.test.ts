import { expect, test } from "vitest";
import { missingParts } from "./password-rules";

test("a password says what it still lacks", () => {
  expect(missingParts("")).toEqual(["length", "lower", "upper", "digit", "sign"]);
  expect(missingParts("Rodinka-demo-1")).toEqual([]);
  expect(missingParts("пароль-Пароль-1")).toEqual(["lower", "upper"]);
});
