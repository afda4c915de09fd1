import { describe, expect, it } from "vitest";
import { switchLanguage } from "../language";
import { beside } from "./agreement-part";
import { placeOf } from "./attention";
import { changed, isAmount } from "./expert-plan";
import { addressOf, asked, filtersOf } from "./filters";
import { coefficient, ends, seconds, share, span } from "./format";
import { heatOf, LEVELS, levelOf } from "./heat";
import { outcomesOf } from "./outcomes";
import { sidesOf } from "./pairs";
import type { Duplicate, ImportedImage, Overview } from "./shapes";

describe("the filters of cases", () => {
  it("come from the address and go back into it", () => {
    const address = "state=disputed&site=torso&gold=yes&days=7";
    expect(addressOf(filtersOf(new URLSearchParams(address)))).toBe(address);
  });

  it("forget what no address may say", () => {
    const filters = filtersOf(new URLSearchParams("state=withdrawn&site=moon&days=8"));
    expect(filters).toEqual({ state: "no_reader", site: null, gold: false, days: null });
    expect(asked(filters)).toBe("");
  });

  it("ask for cases that were in their state before a day", () => {
    const filters = filtersOf(new URLSearchParams("state=waiting&days=3"));
    const now = Date.UTC(2026, 10, 27, 6);
    expect(asked(filters, now)).toBe("state=waiting&since_before=2026-11-25");
  });
});

describe("figures", () => {
  it("are written as the language writes them, with their doubt", async () => {
    await switchLanguage("ru");
    expect(coefficient(0.675)).toBe("0,68");
    expect(share(0.7541)).toBe("75\u00a0%");
    expect(share(0.0095)).toBe("1\u00a0%");
    expect(share(0.052)).toBe("5,2\u00a0%");
    expect(ends({ low: 0.57, high: 0.77 }, coefficient)).toBe("0,57\u202f–\u2060\u202f0,77");
    expect(ends({ low: null, high: null }, coefficient)).toBe("");
    expect([null, undefined, Number.NaN].map(coefficient)).toEqual(["—", "—", "—"]);
  });

  it("of time have the unit that says enough", async () => {
    await switchLanguage("ru");
    expect(span(40)).toBe("40\u00a0секунд");
    expect(span(61 * 60)).toBe("1\u00a0час");
    expect(span(21 * 86_400 + 5)).toBe("21\u00a0день");
    expect(seconds(7.25)).toMatch(/^7,3/);
  });

  it("beside the published one alarm only beyond bad luck", () => {
    const disputed = { count: 0, of: 0, published: 0.25, high: 0.5 };
    expect(beside({ ...disputed, value: 0.2, low: 0.1 })).toBe("within");
    expect(beside({ ...disputed, value: 0.3, low: 0.2 })).toBe("maybeAbove");
    expect(beside({ ...disputed, value: 0.4, low: 0.3 })).toBe("above");
    expect(beside({ ...disputed, value: null, low: null })).toBe("within");
  });
});

describe("the table of what is taken for what", () => {
  it("counts a pair once, whichever way round it comes", () => {
    const { labels, cells } = heatOf(
      [
        { one: "nevus", other: "melanoma", cases: 3 },
        { one: "melanoma", other: "nevus", cases: 2 },
        { one: "nevus", other: "nevus", cases: 40 },
      ],
      ["melanoma", "nevus", "unknown"],
    );
    expect(labels).toEqual(["melanoma", "nevus"]);
    expect(cells.map((row) => row.map(({ cases }) => cases))).toEqual([[0, 5], [40]]);
    expect(cells[1]?.[0]).toMatchObject({ agree: true, level: LEVELS });
  });

  it("shades by orders of magnitude", () => {
    expect([0, 1, 10, 100].map((cases) => levelOf(cases, 100))).toEqual([0, 1, 3, 5]);
  });
});

describe("an import's images", () => {
  it("are counted by state and by the reason why they were refused", () => {
    const image = (state: string, problem: string | null = null) =>
      ({
        image_id: state + problem,
        state,
        problem,
        message: problem && `Why: ${problem}`,
      }) as ImportedImage;
    const found = outcomesOf([
      image("classified"),
      image("rejected", "truncated"),
      image("rejected", "too_small"),
      image("rejected", "truncated"),
      image("received"),
    ]);
    expect(found.byState[0]).toEqual(["rejected", 3]);
    expect(found.underWay).toBe(1);
    expect(found.refused.map(({ problem, images }) => [problem, images.length])).toEqual([
      ["truncated", 2],
      ["too_small", 1],
    ]);
  });
});

describe("a pair", () => {
  const shown = (image_id: string) => ({
    image_id,
    lesion_id: "l",
    patient_id: "p",
    image: null,
    thumbnail: null,
  });
  const pair = (pictures: Duplicate["pictures"]) => sidesOf({ pictures } as Duplicate);

  it("has two sides, also where one picture has several images", () => {
    const [one, other] = pair([{ images: [shown("a"), shown("b"), shown("c")], more: 2 }]);
    expect([one.shown?.image_id, other.shown?.image_id]).toEqual(["a", "b"]);
    expect(other.others).toBe(3);
  });

  it("has two sides even if nothing is left of it", () => {
    expect(pair([]).map(({ shown: image }) => image)).toEqual([null, null]);
  });
});

describe("what needs a human", () => {
  it("leads to where a curator does something about it", () => {
    const looks = [
      { code: "DS_A", waiting: 3 },
      { code: "DS_B", waiting: 0 },
    ];
    const seen = { counts: { looks }, releases_failed: [] } as unknown as Overview;
    expect(placeOf("looks_undone", seen)).toBe("/looks/DS_A");
    expect(placeOf("cases_disputed", seen)).toBe("/cases?state=disputed");
    expect(placeOf("dead_letters", seen)).toBeNull();
  });
});

describe("an expert's plan", () => {
  it("is sent without what was left empty", () => {
    expect(changed({ planned: " ", paused: false, reason: "was ill" })).toEqual({ paused: false });
    expect(changed({ planned: "300", paused: true, reason: " ill " })).toEqual({
      planned_readings: 300,
      paused: true,
      reason: "ill",
    });
  });

  it("is a whole number that the API takes", () => {
    expect(["", "0", "1000000"].every(isAmount)).toBe(true);
    expect(["-1", "1.5", "1000001", "many"].some(isAmount)).toBe(false);
  });
});
