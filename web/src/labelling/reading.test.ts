import { expect, it } from "vitest";
import { answerOf, diagnosed, differing, formOf, ofQuality, UNSAID } from "./answer";
import { Links, left } from "./hand";
import { actOf, type Pressed } from "./keys";
import { whyAsked } from "./opinions";
import type { Assignment, Opinion } from "./queries";

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
const press = (key: string, code: string, more: Partial<Pressed> = {}) =>
  actOf({ ...plain, key, code, ...more }, true);
const item = (id: string, link = `/${id}?sig=1`) =>
  ({ assignment_id: id, image_url: link }) as Assignment;

it("one key names the class, and one more sends it, on any layout", () => {
  expect(press("2", "Digit2")).toEqual({ do: "class", place: 1 });
  expect(press("2", "Numpad2")).toEqual({ do: "class", place: 1 });
  expect(press("Enter", "Enter")).toEqual({ do: "send" });
  expect(press("щ", "KeyO")).toEqual({ do: "outline" });
  expect(press("я", "KeyZ", { ctrlKey: true })).toEqual({ do: "undo" });
});

it("shift and a number is what else it may be, also where that is a question mark", () => {
  expect(press("!", "Digit1", { shiftKey: true })).toEqual({ do: "differential", place: 0 });
  expect(press("?", "Digit7", { shiftKey: true })).toEqual({ do: "differential", place: 6 });
  const unchosen = { ...plain, key: "?", code: "Digit7", shiftKey: true };
  expect(actOf(unchosen, false)).toEqual({ do: "help" });
  expect(press("?", "Slash", { shiftKey: true })).toEqual({ do: "help" });
});

it("keys of the browser are left to it", () => {
  expect(press("d", "KeyD", { ctrlKey: true })).toBeNull();
  expect(press("1", "Digit1", { altKey: true })).toBeNull();
});

it("the diagnosis is never in its own differential", () => {
  const both = differing(diagnosed(UNSAID, "nevus"), "melanoma");
  expect(both.differential).toEqual(["melanoma"]);
  expect(diagnosed(both, "melanoma").differential).toEqual([]);
  expect(differing(both, "nevus")).toBe(both);
});

it("of an unusable image nothing is known unless a class was named", () => {
  expect(ofQuality(UNSAID, "unusable").diagnosis).toBe("unknown");
  expect(ofQuality(diagnosed(UNSAID, "nevus"), "unusable").diagnosis).toBe("nevus");
  expect(ofQuality(UNSAID, "poor").diagnosis).toBeNull();
});

it("nothing is sent without a diagnosis, and what was sent can be corrected", () => {
  expect(formOf(UNSAID, 3)).toBeNull();
  const answer = { ...diagnosed(UNSAID, "nevus"), confidence: 4, comment: " network " };
  const form = formOf(answer, 3.14);
  expect(form).toMatchObject({ diagnosis: "nevus", comment: "network", seconds: 3.1 });
  expect(form && answerOf(form)).toEqual({ ...answer, comment: "network" });
});

it("a new list never takes the image from him who looks at it", () => {
  const items = [item("new"), item("b"), item("a")];
  expect(left(items, new Set(["b"]), "a").map((each) => each.assignment_id)).toEqual(["a", "new"]);
});

it("a picture that was fetched keeps its link while that lives", () => {
  const links = new Links(1000);
  links.steady([item("a", "/a?sig=1")], 0);
  expect(links.steady([item("a", "/a?sig=2")], 900)[0]?.image_url).toBe("/a?sig=1");
  expect(links.steady([item("a", "/a?sig=3")], 1100)[0]?.image_url).toBe("/a?sig=3");
  links.forget("a");
  expect(links.steady([item("a", "/a?sig=4")], 1200)[0]?.image_url).toBe("/a?sig=4");
});

it("a senior is told why he is asked", () => {
  const said = (diagnosis: string, image_quality = "good") =>
    ({ diagnosis, image_quality }) as Opinion;
  expect(whyAsked([said("nevus"), said("melanoma")])).toBe("differ");
  expect(whyAsked([said("nevus"), said("unknown")])).toBe("differ");
  expect(whyAsked([said("unknown"), said("nevus", "unusable")])).toBe("unsaid");
  expect(whyAsked([said("nevus"), said("nevus")])).toBe("outlines");
});
