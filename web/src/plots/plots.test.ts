import { beforeAll, expect, test } from "vitest";
import { switchLanguage } from "../language";
import { estimate, interval, withInterval } from "./numbers";
import { across, domainOf, ticksOf } from "./scale";
import { wilson } from "./wilson";

beforeAll(() => switchLanguage("ru"));

test("an estimate just below a threshold never reads as the threshold", () => {
  expect(estimate(0.80999)).toBe("0,809");
  expect(estimate(0.81)).toBe("0,810");
});

test("an interval is written with its estimate", () => {
  expect(withInterval(0.9087, 0.856767, 0.943055)).toBe("0,908 (0,857–0,943)");
  expect(withInterval(0.9087, null, null)).toBe("0,908");
  expect(interval(0.5, 1, 1)).toBe("0,5–1,0");
});

test("values are put across a domain and never outside it", () => {
  const domain = { from: 0.5, to: 1 };
  expect(across(0.75, domain)).toBe(50);
  expect(across(0.2, domain)).toBe(0);
  expect(across(2, domain)).toBe(100);
  expect(across(1, { from: 1, to: 1 })).toBe(0);
});

test("a domain is of round tenths and has every value", () => {
  const most = { from: 0, to: 1 };
  expect(domainOf([0.857, 0.943], most)).toEqual({ from: 0.8, to: 1 });
  expect(domainOf([Number.NaN], most)).toEqual(most);
  expect(ticksOf({ from: 0.8, to: 1 })).toEqual([0.8, 0.9, 1]);
  expect(ticksOf({ from: 0, to: 1 })).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test("Wilson's interval is the one of the reports", () => {
  const { low, high } = wilson(92, 100);
  expect(low).toBeCloseTo(0.850019, 5);
  expect(high).toBeCloseTo(0.958907, 5);
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
});
