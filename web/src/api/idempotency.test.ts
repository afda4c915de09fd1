import { expect, test } from "vitest";
import { keyring } from "./idempotency";

test("a request that is repeated keeps its key, and another one gets another", () => {
  const keyFor = keyring();
  const first = keyFor({ site: "arm" });
  expect(keyFor({ site: "arm" })).toBe(first);
  const second = keyFor({ site: "leg" });
  expect(second).not.toBe(first);
  expect(keyFor({ site: "arm" })).not.toBe(first);
});

test("two forms give the same request two keys", () => {
  expect(keyring()({})).not.toBe(keyring()({}));
});
