// @vitest-environment node
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ask } from "../../api/client";
import { destroy } from "./database";
import { add, sendNow } from "./waiting";

vi.mock("../../api/client", () => ({ ask: vi.fn() }));
vi.mock("../../api/queries", () => ({ queryClient: { invalidateQueries: vi.fn() } }));
vi.mock("../../images/sending", () => ({ post: vi.fn(), StoreRefused: Error }));
vi.mock("../../session/session", () => ({ onEntering: vi.fn(), onLeaving: vi.fn() }));
vi.mock("./owner", () => ({ currentOwner: () => "an owner" }));
vi.mock("./staying", () => ({ equipWorker: vi.fn() }));

beforeEach(() => vi.stubGlobal("navigator", {}));
afterEach(destroy);

test("what is added while something is being sent goes too", async () => {
  let answer = (_: unknown) => {};
  vi.mocked(ask).mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  vi.mocked(ask).mockResolvedValue({ lesion_id: "second" });
  await add({ kind: "mole", mole: { site: "arms" } });
  await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(1));
  await add({ kind: "mole", mole: { site: "legs" } });
  answer({ lesion_id: "first" });
  await sendNow();
  expect(ask).toHaveBeenCalledTimes(2);
});
