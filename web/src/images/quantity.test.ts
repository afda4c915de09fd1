import { beforeAll, describe, expect, it } from "vitest";
import { switchLanguage } from "../language";
import { amount, difference, measured, relative } from "./quantity";

describe("a measured value", () => {
  beforeAll(() => switchLanguage("ru"));

  it("has as many places as its error has meaning", () => {
    expect(measured({ value: 5.2345, error: 0.31 }, "мм")).toBe("5,2\u202f±\u202f0,3\u00a0мм");
    expect(measured({ value: 5.2345, error: 0.123 }, "мм")).toBe("5,23\u202f±\u202f0,12\u00a0мм");
    expect(measured({ value: 23.4, error: 3.2 }, "мм²")).toBe("23\u202f±\u202f3\u00a0мм²");
  });

  it("survives an error of nothing", () => {
    expect(measured({ value: 2, error: 0 }, "мм")).toBe("2,0\u202f±\u202f0,0\u00a0мм");
    expect(measured({ value: 2, error: Number.NaN }, "мм")).toContain("2,0");
  });

  it("as a difference has a sign, and none when it comes to nothing", () => {
    expect(difference({ value: 0.42, error: 0.3 }, "мм")).toBe("+0,4\u202f±\u202f0,3\u00a0мм");
    expect(difference({ value: -0.42, error: 0.3 }, "мм")).toBe(
      "\u22120,4\u202f±\u202f0,3\u00a0мм",
    );
    expect(difference({ value: 0.02, error: 0.3 }, "мм")).toBe("0,0\u202f±\u202f0,3\u00a0мм");
    expect(difference({ value: -0.02, error: 0.3 }, "мм")).toBe("0,0\u202f±\u202f0,3\u00a0мм");
  });

  it("as a part of what it was is told in per cents", () => {
    expect(relative({ value: 0.12, error: 0.051 })).toBe("+12\u202f±\u202f5\u00a0%");
  });

  it("without an error has the places asked for", () => {
    expect(amount(0.0125, 4, "мм")).toBe("0,0125\u00a0мм");
  });
});
