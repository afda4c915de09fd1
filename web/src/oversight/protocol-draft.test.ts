import { describe, expect, it } from "vitest";
import { fieldOf } from "./new-protocol";
import { draftAfter, keep, kept, protocolOf } from "./protocol-draft";
import type { Protocol } from "./shapes";

const both = (text: string) => ({ ru: text, en: text });
const FORMER: Protocol = {
  version: 3,
  title: both("title"),
  instruction: both("instruction"),
  signs: { nevus: [both("round")] },
  changes: both("what was new"),
  published_at: null,
};

describe("a new version of the protocol", () => {
  it("begins as the former one, with a place for every class and what is new still to be said", () => {
    const draft = draftAfter(FORMER, ["nevus", "melanoma"]);
    expect(draft.signs).toEqual({ nevus: [both("round")], melanoma: [both("")] });
    expect(draft.changes).toEqual(both(""));
  });

  it("is sent with examples only of classes that have some", () => {
    const draft = draftAfter(FORMER, ["nevus", "melanoma"]);
    draft.examples.nevus = " one,two\nthree ";
    const sent = protocolOf(draft, 3);
    expect(sent.after).toBe(3);
    expect(sent.examples).toEqual({ nevus: ["one", "two", "three"] });
  });

  it("is kept until it is published, for the version that it follows alone", () => {
    const empty = draftAfter(FORMER, ["nevus"]);
    keep(3, { ...empty, changes: both("clearer") });
    expect(kept(3, empty).changes).toEqual(both("clearer"));
    expect(kept(4, empty)).toBe(empty);
    localStorage.setItem("rodinka.protocol", '{"after":3,"draft":{"title":1}}');
    expect(kept(3, empty)).toBe(empty);
    keep(3, null);
    expect(kept(3, empty)).toBe(empty);
  });

  it("shows what is wrong with an example at the examples of its class", () => {
    expect(fieldOf("examples.basal_cell_carcinoma.2")).toBe("examples.basal_cell_carcinoma");
    expect(fieldOf("signs.nevus.1.ru")).toBe("signs.nevus.1.ru");
  });
});
