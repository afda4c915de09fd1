import { describe, expect, it } from "vitest";
import type { Schemas } from "../api/contract";
import { inStrip, soonMore } from "./strip";

function latest(id: string, more: Partial<Schemas["LatestImage"]> = {}): Schemas["LatestImage"] {
  return {
    image_id: id,
    kind: "dermoscopic",
    state: "classified",
    created_at: "2025-06-01T10:00:00Z",
    taken_on: null,
    top: "nevus",
    label: null,
    ...more,
  };
}

describe("the images of a lesion in a row", () => {
  it("stand by day, the newest first, and say their label before the model's opinion", () => {
    const strip = inStrip(
      [
        latest("old", { taken_on: "2024-01-01" }),
        latest("new", { label: { diagnosis: "melanoma" } }),
        latest("unsure", { taken_on: "2024-05-01", top: "unknown" }),
      ],
      [],
    );
    expect(strip.map((each) => each.imageId)).toEqual(["new", "unsure", "old"]);
    expect(strip[0]).toMatchObject({ label: "melanoma", opinion: "nevus" });
    expect(strip[1]).toMatchObject({ label: null, opinion: null });
  });

  it("survive a label of an unknown shape", () => {
    expect(inStrip([latest("a", { label: { diagnosis: 7 } })], [])[0]?.label).toBeNull();
  });
});

describe("more is soon expected", () => {
  const now = Date.parse("2025-06-01T10:01:00Z");

  it("of a file that has just come", () => {
    expect(soonMore([latest("a", { state: "received" })], now)).toBe(true);
  });

  it("not of one that never came, nor of one that is done", () => {
    const long = "2025-05-01T10:00:00Z";
    expect(soonMore([latest("a", { state: "awaiting_upload", created_at: long })], now)).toBe(
      false,
    );
    expect(soonMore([latest("a")], now)).toBe(false);
  });
});
