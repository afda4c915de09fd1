import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Refusal, Unreachable } from "../api/errors";
import { GRACE_MS, LookQueue } from "./look-queue";
import type { NewLook } from "./shapes";

const clear = (image_id: string): NewLook => ({ image_id, look: "clear" });
const face = (image_id: string): NewLook => ({ image_id, look: "identifying", what: "face" });

/** An owner of its own for each test: the browser's database outlives them. */
let owner = 0;

beforeEach(() => {
  owner += 1;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});

afterEach(() => vi.useRealTimers());

const name = () => `curator-${owner}`;
/** The database answers in real time, between the timers. */
async function pass(ms: number): Promise<void> {
  for (let past = 0; past < ms; past += 500) {
    await vi.advanceTimersByTimeAsync(500);
    await new Promise((done) => setImmediate(done));
  }
}

describe("looks on their way", () => {
  it("leave together once they can no longer be undone", async () => {
    const sent: NewLook[][] = [];
    const queue = new LookQueue(name(), async (looks) => {
      sent.push(looks);
      return { noted: [] };
    });
    await queue.open();
    queue.add(clear("a"));
    queue.add(face("b"));
    expect(queue.take("a")).toBe(true);
    await pass(GRACE_MS / 2);
    expect(sent).toEqual([]);
    await pass(GRACE_MS);
    expect(sent).toEqual([[face("b")]]);
    expect(queue.snapshot().unsent).toBe(0);
    expect(queue.take("b")).toBe(false);
  });

  it("are kept while there is no connection, and sent by the next visit of the same curator alone", async () => {
    const queue = new LookQueue(name(), async () => {
      throw new Unreachable();
    });
    await queue.open();
    queue.add(clear("a"));
    await pass(GRACE_MS + 1_000);
    expect(queue.snapshot()).toMatchObject({ unsent: 1, trouble: "unreachable" });
    queue.close();

    const another = new LookQueue("somebody else", vi.fn());
    expect((await another.open()).size).toBe(0);

    const sent = vi.fn(async () => ({ noted: ["a"] }));
    const later = new LookQueue(name(), sent);
    expect([...(await later.open())]).toEqual(["a"]);
    await pass(1_000);
    expect(sent).toHaveBeenCalledWith([clear("a")]);
    expect(later.snapshot()).toMatchObject({ unsent: 0, trouble: "none" });
  });

  it("of an image that is no more are dropped, and the others go", async () => {
    const sent: NewLook[][] = [];
    const queue = new LookQueue(name(), async (looks) => {
      if (looks.some(({ image_id }) => image_id === "gone")) {
        const fields = { "looks.1.image_id": "There is no such image." };
        throw new Refusal(422, "invalid", "", fields, "", {});
      }
      sent.push(looks);
      return { noted: [] };
    });
    await queue.open();
    for (const id of ["a", "gone", "b"]) queue.add(clear(id));
    await pass(GRACE_MS + 3_000);
    expect(sent).toEqual([[clear("a"), clear("b")]]);
    expect(queue.snapshot()).toEqual({ unsent: 0, trouble: "none", gone: 1 });
  });

  it("that changed while they were on their way go once more", async () => {
    const sent: NewLook[][] = [];
    let arrive: () => void = () => undefined;
    const queue = new LookQueue(name(), (looks) => {
      sent.push(looks);
      return new Promise((done) => {
        arrive = () => done({ noted: [] });
      });
    });
    await queue.open();
    queue.add(clear("a"));
    await pass(GRACE_MS + 500);
    queue.add(face("a"));
    arrive();
    await pass(GRACE_MS + 2_000);
    expect(sent).toEqual([[clear("a")], [face("a")]]);
  });
});
