import { beforeEach, expect, it } from "vitest";
import { Refusal, Unreachable } from "../api/errors";
import { type Kept, Outbox, UNDO_MS, type Ways } from "./outbox";
import type { ReadingForm } from "./queries";

const NEVUS: ReadingForm = { diagnosis: "nevus" };
const MELANOMA: ReadingForm = { diagnosis: "melanoma" };

let now: number;
let sent: { id: string; diagnosis: string; key: string }[];
let takenBack: string[];
let kept: Kept;
let waits: (() => void)[];
let answers: (Error | null)[];
let ways: Ways;

const settled = () => new Promise((done) => setTimeout(done));
const refusal = (status: number) => new Refusal(status, "code", "Because.", {}, "", {});
const answer = async () => {
  const next = answers.shift();
  if (next) throw next;
};

beforeEach(() => {
  [now, sent, takenBack, waits, answers] = [1_000_000, [], [], [], []];
  ways = {
    send: async (id, form, key) => {
      sent.push({ id, diagnosis: form.diagnosis, key });
      await answer();
    },
    takeBack: async (id) => {
      takenBack.push(id);
      await answer();
    },
    keep: (what) => {
      kept = JSON.parse(JSON.stringify(what));
    },
    now: () => now,
    later: (act) => {
      waits.push(act);
      return () => waits.splice(waits.indexOf(act), 1);
    },
  };
});

it("a reading is kept before it is sent, and sent once", async () => {
  const outbox = new Outbox(ways);
  outbox.put("a", NEVUS);
  expect(kept.waiting).toHaveLength(1);
  await settled();
  expect(sent.map(({ id }) => id)).toEqual(["a"]);
  expect(outbox.contents.waiting).toEqual([]);
});

it("a reading that reached nobody is sent again under the same key, in its turn", async () => {
  answers = [new Unreachable(), refusal(503)];
  const outbox = new Outbox(ways);
  outbox.put("a", NEVUS);
  outbox.put("b", MELANOMA);
  await settled();
  expect(outbox.contents.stuck).toBe(true);
  expect(sent.map(({ id }) => id)).toEqual(["a"]);
  waits.shift()?.();
  await settled();
  outbox.wake();
  await settled();
  expect(sent.map(({ id }) => id)).toEqual(["a", "a", "a", "b"]);
  expect(new Set(sent.slice(0, 3).map(({ key }) => key)).size).toBe(1);
  expect(outbox.contents.stuck).toBe(false);
});

it("a tab that was closed sends what it had kept when it is opened again", async () => {
  answers = [new Unreachable()];
  new Outbox(ways).put("a", NEVUS);
  await settled();
  const reopened = new Outbox(ways, kept);
  reopened.wake();
  await settled();
  expect(sent).toHaveLength(2);
  expect(sent[0]?.key).toBe(sent[1]?.key);
});

it("a reading that was never sent is taken back without asking anybody", async () => {
  answers = [new Unreachable()];
  const outbox = new Outbox(ways);
  outbox.put("a", NEVUS);
  outbox.put("b", MELANOMA);
  await settled();
  expect(outbox.undo()?.assignmentId).toBe("b");
  outbox.wake();
  await settled();
  expect(sent.map(({ id }) => id)).toEqual(["a", "a"]);
  expect(takenBack).toEqual([]);
});

it("a reading whose answer was lost is taken back in the system too", async () => {
  answers = [new Unreachable()];
  const outbox = new Outbox(ways);
  outbox.put("a", NEVUS);
  await settled();
  outbox.undo();
  outbox.wake();
  await settled();
  expect(sent).toHaveLength(1);
  expect(takenBack).toEqual(["a"]);
});

it("a reading may be taken back for a minute and answered anew", async () => {
  const outbox = new Outbox(ways);
  outbox.put("a", NEVUS);
  await settled();
  now += UNDO_MS - 1;
  expect(outbox.undo()?.form).toEqual(NEVUS);
  outbox.put("a", MELANOMA);
  await settled();
  expect(takenBack).toEqual(["a"]);
  expect(sent.map(({ diagnosis }) => diagnosis)).toEqual(["nevus", "melanoma"]);
  expect(sent[0]?.key).not.toBe(sent[1]?.key);
});

it("after its minute a reading stands", async () => {
  const outbox = new Outbox(ways);
  outbox.put("a", NEVUS);
  await settled();
  now += UNDO_MS;
  expect(outbox.undo()).toBeNull();
  expect(takenBack).toEqual([]);
});

it("what the system refuses is told and does not hold up the rest", async () => {
  answers = [refusal(409)];
  const outbox = new Outbox(ways);
  outbox.put("a", NEVUS);
  outbox.put("b", MELANOMA);
  await settled();
  expect(outbox.contents.refused).toEqual([
    { assignmentId: "a", form: NEVUS, sentence: "Because." },
  ]);
  expect(sent.map(({ id }) => id)).toEqual(["a", "b"]);
  const [refused] = outbox.contents.refused;
  if (refused) outbox.dismiss(refused);
  expect(outbox.contents.refused).toEqual([]);
});

it("a session that has ended loses nothing", async () => {
  answers = [refusal(401)];
  const outbox = new Outbox(ways);
  outbox.put("a", NEVUS);
  await settled();
  expect(outbox.contents.refused).toEqual([]);
  expect(kept.waiting).toHaveLength(1);
});
