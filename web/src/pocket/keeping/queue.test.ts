// @vitest-environment node
import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { Refusal, Unreachable } from "../../api/errors";
import type { Ask } from "../../api/request";
import type { ImageSlot } from "../shapes";
import { database, destroy, forget } from "./database";
import { keepNote, readNote } from "./notes";
import { cancel, enqueue, everything, photographOf } from "./queue";
import { NotStored, sendAll, type Way } from "./sending";
import type { MoleTask, PhotographTask, QuestionTask, Ref } from "./tasks";

afterEach(destroy);

const OWNER = "an owner";
const PIXELS = new TextEncoder().encode("the pixels of a mole").buffer as ArrayBuffer;
const NEW_MOLE: MoleTask = { kind: "mole", mole: { site: "arms", name: "left wrist" } };
const photographOn = (of: Ref): PhotographTask => ({
  kind: "photograph",
  of,
  image: { content_type: "image/jpeg", bytes: PIXELS.byteLength, sha256: "f".repeat(64) },
  preview: "data:,",
});
const questionOn = (of: Ref, images: Ref[]): QuestionTask => ({
  kind: "question",
  of,
  images,
  answers: { itching: "yes" },
  text: "it itches",
});

/** A system that makes things, once for each key, unless a failure is in its way. */
class System {
  readonly made = new Map<string, { path: string; body: unknown }>();
  readonly files: string[] = [];
  /** What happens to the next requests, in order; null lets one pass. */
  fail: (Error | null)[] = [];
  /** The answer is lost after the thing was made. */
  lose = 0;
  /** How often a photograph is still looked at. */
  looks = 0;
  private ids = new Map<string, string>();

  readonly way: Way = {
    ask: async <Answer>(path: string, options: Ask) => {
      const failure = this.fail.shift();
      if (failure) throw failure;
      const answer = this.answer(path, options);
      if (this.lose > 0) {
        this.lose -= 1;
        throw new Unreachable();
      }
      return answer as Answer;
    },
    post: async (_slot, file) => {
      const failure = this.fail.shift();
      if (failure) throw failure;
      this.files.push(await file.text());
    },
  };

  private answer(path: string, { idempotencyKey, body }: Ask) {
    const upload = { url: "", fields: {}, expires_at: "" } as ImageSlot["upload"];
    if (!idempotencyKey && path.startsWith("/me/images/") && !path.endsWith("/upload")) {
      this.looks -= 1;
      return { state: this.looks >= 0 ? "received" : "accepted" };
    }
    if (path.endsWith("/upload")) return { image_id: path.split("/")[3], upload };
    const key = idempotencyKey ?? "";
    const id = this.ids.get(key) ?? `id-${this.ids.size + 1}`;
    this.ids.set(key, id);
    this.made.set(id, { path, body });
    return { lesion_id: id, image_id: id, question_id: id, upload };
  }
}

const refused = (status: number, code: string, message = "no") =>
  new Refusal(status, code, message, {}, "", {});

async function wholeStory() {
  const mole = await enqueue(OWNER, NEW_MOLE);
  const photograph = await enqueue(OWNER, photographOn({ task: mole }), PIXELS);
  const question = await enqueue(
    OWNER,
    questionOn({ task: mole }, [{ task: photograph }, { id: "an older image" }]),
  );
  return { mole, photograph, question };
}

test("a mole, its photograph and a question about it are sent in their order", async () => {
  await wholeStory();
  const system = new System();
  expect(await sendAll(OWNER, system.way)).toBeNull();
  expect([...system.made.values()].map(({ path }) => path)).toEqual([
    "/me/lesions",
    "/me/lesions/id-1/images",
    "/me/questions",
  ]);
  expect(system.made.get("id-3")?.body).toEqual({
    lesion_id: "id-1",
    image_ids: ["id-2", "an older image"],
    answers: { itching: "yes" },
    text: "it itches",
  });
  expect(system.files).toEqual(["the pixels of a mole"]);
  expect(await everything(OWNER)).toEqual([]);
});

test("a question waits until its photograph has been looked at, and holds nothing else up", async () => {
  const { question } = await wholeStory();
  await enqueue(OWNER, NEW_MOLE);
  const system = new System();
  system.looks = 1;
  expect(await sendAll(OWNER, system.way)).toBe("soon");
  expect(system.made.size).toBe(3);
  const waiting = (await everything(OWNER)).filter(({ standing }) => standing === "waiting");
  expect(waiting.map(({ id }) => id)).toEqual([question]);
  expect(await sendAll(OWNER, system.way)).toBeNull();
  expect(await everything(OWNER)).toEqual([]);
});

test("nothing of a photograph or of words stands open in the store", async () => {
  await wholeStory();
  await keepNote(OWNER, "moles", [{ name: "left wrist" }]);
  const kept = await (await database()).getAll("tasks");
  const notes = await (await database()).getAll("notes");
  const bytes = [...kept.flatMap(({ sealed, photograph }) => [sealed, photograph]), ...notes];
  const read = new TextDecoder();
  const open = JSON.stringify(kept) + bytes.map((each) => each && read.decode(each.data)).join();
  for (const word of ["pixels", "wrist", "itch", "arms"]) expect(open).not.toContain(word);
});

test("without a network everything stays, and goes once it is back", async () => {
  await wholeStory();
  const system = new System();
  system.fail = [new Unreachable()];
  expect(await sendAll(OWNER, system.way)).toBe("unreachable");
  expect((await everything(OWNER)).map(({ standing }) => standing)).toEqual(
    Array(3).fill("waiting"),
  );
  expect(await sendAll(OWNER, system.way)).toBeNull();
  expect(system.made.size).toBe(3);
});

test("a lost answer makes nothing a second time", async () => {
  await wholeStory();
  const system = new System();
  for (const lost of [1, 1, 1, 1]) {
    system.lose = lost;
    await sendAll(OWNER, system.way);
  }
  expect(await sendAll(OWNER, system.way)).toBeNull();
  expect(system.made.size).toBe(3);
  expect(system.files).toHaveLength(1);
});

test("a file that was cut off goes to the same image by a new form", async () => {
  const photograph = await enqueue(OWNER, photographOn({ id: "m" }), PIXELS);
  const system = new System();
  system.fail = [null, new Unreachable()];
  expect(await sendAll(OWNER, system.way)).toBe("unreachable");
  expect((await everything(OWNER))[0]).toMatchObject({ id: photograph, made: "id-1", tries: 1 });
  expect(await sendAll(OWNER, system.way)).toBeNull();
  expect(system.made.size).toBe(1);
  expect(system.files).toHaveLength(1);
});

test("a file that had arrived after all is not sent again", async () => {
  await enqueue(OWNER, photographOn({ id: "m" }), PIXELS);
  const system = new System();
  system.fail = [null, new Unreachable()];
  await sendAll(OWNER, system.way);
  system.fail = [refused(409, "image_not_awaited")];
  expect(await sendAll(OWNER, system.way)).toBeNull();
  expect(system.files).toEqual([]);
  expect(await everything(OWNER)).toEqual([]);
});

test("what the system refuses is kept with its reason, and the rest goes on", async () => {
  const { mole, photograph, question } = await wholeStory();
  const other = await enqueue(OWNER, NEW_MOLE);
  const system = new System();
  system.fail = [refused(422, "invalid", "say where")];
  expect(await sendAll(OWNER, system.way)).toBeNull();
  const standing = Object.fromEntries((await everything(OWNER)).map((each) => [each.id, each]));
  expect(standing[mole]?.refusal).toEqual({ code: "invalid", message: "say where" });
  expect(standing[photograph]?.refusal?.code).toBe("missing");
  expect(standing[question]?.refusal?.code).toBe("missing");
  expect(standing[other]).toBeUndefined();
});

test.each([
  [refused(429, "too_many"), "later"],
  [refused(503, "unavailable"), "later"],
  [refused(401, "unauthorized"), "signed-out"],
  [new NotStored("AccessDenied"), "later"],
])("after %s everything waits", async (failure, stopped) => {
  await enqueue(OWNER, NEW_MOLE);
  const system = new System();
  system.fail = [failure];
  expect(await sendAll(OWNER, system.way)).toBe(stopped);
  expect(await everything(OWNER)).toHaveLength(1);
});

test("a file that the store never takes is given up", async () => {
  await enqueue(OWNER, photographOn({ id: "m" }), PIXELS);
  const system = new System();
  for (let tries = 0; tries < 6; tries += 1) {
    system.fail = [null, new NotStored("EntityTooLarge")];
    await sendAll(OWNER, system.way);
  }
  expect((await everything(OWNER))[0]?.refusal).toEqual({
    code: "store",
    message: "EntityTooLarge",
  });
});

test("cancelling takes along what rests on it", async () => {
  const { mole } = await wholeStory();
  const other = await enqueue(OWNER, NEW_MOLE);
  await cancel(OWNER, mole);
  expect((await everything(OWNER)).map(({ id }) => id)).toEqual([other]);
});

test("what is cancelled while it is being sent does not come back", async () => {
  const id = await enqueue(OWNER, NEW_MOLE);
  const system = new System();
  const way: Way = {
    ...system.way,
    ask: async (path, options) => {
      await cancel(OWNER, id);
      return system.way.ask(path, options);
    },
  };
  await sendAll(OWNER, way);
  expect(await everything(OWNER)).toEqual([]);
});

test("tasks keep their order when the clock is set back", async () => {
  const ids = [await enqueue(OWNER, NEW_MOLE)];
  const kept = await (await database()).getAll("tasks");
  for (const each of kept) await (await database()).put("tasks", { ...each, at: Date.now() + 9e6 });
  ids.push(await enqueue(OWNER, NEW_MOLE));
  expect((await everything(OWNER)).map(({ id }) => id)).toEqual(ids);
});

test("two accounts on one phone neither see nor send each other's", async () => {
  const mine = await enqueue(OWNER, NEW_MOLE);
  await enqueue("another", NEW_MOLE);
  expect((await everything(OWNER)).map(({ id }) => id)).toEqual([mine]);
  await keepNote(OWNER, "me", { login: "m-1" });
  expect(await readNote("another", "me")).toBeNull();
});

test("forgetting an account leaves nothing of it and all of the other", async () => {
  const { photograph } = await wholeStory();
  await keepNote(OWNER, "me", { login: "m-1" });
  await enqueue("another", NEW_MOLE);
  await forget(OWNER);
  expect(await everything(OWNER)).toEqual([]);
  expect(await photographOf(photograph)).toBeNull();
  expect(await readNote(OWNER, "me")).toBeNull();
  expect(await everything("another")).toHaveLength(1);
});

test("what was sealed under a key that is gone is left out and breaks nothing", async () => {
  await enqueue(OWNER, NEW_MOLE);
  await (await database()).clear("keys");
  const after = await enqueue(OWNER, NEW_MOLE);
  expect((await everything(OWNER)).map(({ id }) => id)).toEqual([after]);
});
