import { describe, expect, it } from "vitest";
import { FIGURES, HEIGHT, nearest, placeAt, type Spot, VIEWS, WIDTH } from "./views";

const at = (view: Spot["view"], x: number, y: number) => placeAt({ view, x, y });

function everywhere() {
  return VIEWS.flatMap((view) =>
    Array.from({ length: 36 * 72 }, (_, index) =>
      at(view, ((index % 36) + 0.5) / 36, (Math.floor(index / 36) + 0.5) / 72),
    ),
  ).filter((place) => place !== null);
}

describe("a place on the body map", () => {
  it("has the site of the form", () => {
    expect(at("front", 0.5, 0.12)?.site).toBe("head_neck");
    expect(at("front", 0.5, 0.25)?.site).toBe("torso");
    expect(at("front", 0.5, 0.51)?.site).toBe("genitals");
    expect(at("front", 0.4, 0.62)?.site).toBe("legs");
    expect(at("front", 0.25, 0.4)?.site).toBe("arms");
    expect(at("front", 0.18, 0.58)?.site).toBe("palms_soles");
    expect(at("palms", 0.2, 0.3)?.site).toBe("palms_soles");
    expect(at("soles", 0.25, 0.4)?.site).toBe("palms_soles");
  });

  it("belongs to the arm on the back of a hand and to the leg on the top of a foot", () => {
    expect(at("back", 0.18, 0.58)).toMatchObject({ site: "arms", area: "hand_back" });
    expect(at("palms", 0.25, 0.82)).toMatchObject({ site: "arms", area: "hand_back" });
    expect(at("soles", 0.25, 0.75)).toMatchObject({ site: "legs", area: "foot_top" });
  });

  it("is on the patient's own side, who faces us in one drawing and not in the other", () => {
    expect(at("front", 0.4, 0.25)?.side).toBe("right");
    expect(at("back", 0.4, 0.25)?.side).toBe("left");
    expect(at("front", 0.5, 0.25)?.side).toBe("middle");
    expect(at("palms", 0.2, 0.3)?.side).toBe("right");
    expect(at("head", 0.75, 0.65)?.side).toBe("left");
  });

  it("is nothing beside the body", () => {
    expect(at("front", 0.02, 0.02)).toBeNull();
    expect(at("front", 0.5, 0.8)).toBeNull();
  });

  it("is taken on the body when a finger comes down a little beside it", () => {
    const placed = nearest({ view: "front", x: 0.5, y: 0.018 });
    expect(placed).toMatchObject({ site: "head_neck" });
    expect(placed && placeAt(placed)).not.toBeNull();
    expect(nearest({ view: "front", x: 0.05, y: 0.05 })).toBeNull();
  });

  it("can be found in every site and on both sides", () => {
    const places = everywhere();
    expect(new Set(places.map((place) => place.site)).size).toBe(6);
    expect(new Set(places.map((place) => place.side)).size).toBe(3);
    expect(new Set(places.map((place) => place.area)).size).toBe(44);
  });
});

describe("the drawings", () => {
  it("stay within their frame", () => {
    for (const view of VIEWS) {
      for (const { polygon } of FIGURES[view]) {
        expect(polygon.every(([x, y]) => x >= 0 && x <= WIDTH && y >= 0 && y <= HEIGHT)).toBe(true);
      }
    }
  });

  it("show both sides as mirror images", () => {
    const right = FIGURES.palms[0]?.polygon ?? [];
    const left = FIGURES.palms[1]?.polygon ?? [];
    expect(left.map(([x]) => Math.round(WIDTH - x))).toEqual(right.map(([x]) => Math.round(x)));
  });
});
