import { describe, expect, it } from "vitest";
import { moved } from "./gallery-grid";
import { lookOf, type Marks, NO_MARKS, stepped, unseen } from "./look-marks";

const image = (image_id: string, link = "") => ({
  image_id,
  kind: "dermoscopic",
  image: link,
  thumbnail: link,
});
const come = (marks: Marks, ids: string[], known: string[] = []) =>
  stepped(marks, {
    kind: "came",
    images: ids.map((id) => image(id)),
    known: new Set(known),
  });
const ids = (marks: Marks) => marks.images.map(({ image_id }) => image_id);

describe("the gallery", () => {
  it("goes on to the next image that nothing was said of", () => {
    let marks = come(NO_MARKS, ["a", "b", "c"]);
    marks = stepped(marks, { kind: "went", to: 1 });
    marks = stepped(marks, { kind: "said", saying: "clear" });
    expect(marks.at).toBe(2);
    marks = stepped(marks, { kind: "said", saying: "face" });
    expect(marks.at).toBe(0);
    expect([...marks.said]).toEqual([
      ["b", "clear"],
      ["c", "face"],
    ]);
    expect(unseen(marks)).toBe(1);
  });

  it("takes the last look back and returns to its image", () => {
    let marks = come(NO_MARKS, ["a", "b", "c"]);
    marks = stepped(marks, { kind: "said", saying: "clear" });
    marks = stepped(marks, { kind: "said", saying: "tattoo" });
    marks = stepped(marks, { kind: "undone" });
    expect(marks.at).toBe(1);
    expect(marks.said.has("b")).toBe(false);
    marks = stepped(stepped(marks, { kind: "undone" }), { kind: "undone" });
    expect(marks.said.size).toBe(0);
    expect(marks.at).toBe(0);
  });

  it("shows no image twice, and none whose look is still on its way", () => {
    let marks = come(NO_MARKS, ["a", "b"]);
    marks = come(marks, ["b", "c", "d"], ["c"]);
    expect(ids(marks)).toEqual(["a", "b", "d"]);
  });

  it("takes new links for the images on show", () => {
    const marks = come(NO_MARKS, ["a"]);
    const fresh = stepped(marks, {
      kind: "came",
      images: [image("a", "new")],
      known: new Set(),
    });
    expect(fresh.images[0]?.image).toBe("new");
  });

  it("says what tells whose image it is", () => {
    expect(lookOf("a", "clear")).toEqual({ image_id: "a", look: "clear" });
    expect(lookOf("a", "technical_defect")).toEqual({ image_id: "a", look: "technical_defect" });
    expect(lookOf("a", "name")).toEqual({ image_id: "a", look: "identifying", what: "name" });
  });

  it("moves by a row as well as by an image, and stays within the images", () => {
    expect(moved("ArrowDown", 1, 4, 10)).toBe(5);
    expect(moved("ArrowUp", 1, 4, 10)).toBe(1);
    expect(moved("ArrowRight", 9, 4, 10)).toBe(9);
    expect(moved("End", 0, 4, 10)).toBe(9);
    expect(moved("KeyQ", 0, 4, 10)).toBeNull();
  });
});
