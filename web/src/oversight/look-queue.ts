/**
 * Looks on their way: kept in the browser's database until the API has them, so that neither a lost
 * connection nor a closed tab loses one. A look may be sent twice: the API notes it once.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { ask } from "../api/client";
import { Refusal } from "../api/errors";
import type { LooksNoted, NewLook } from "./shapes";

/** How long a look may be undone before it leaves. */
export const GRACE_MS = 3_000;
const MOST_AT_ONCE = 100;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

export interface Kept {
  /** Who looked: nobody else's session sends it. */
  owner: string;
  image_id: string;
  look: NewLook;
  at: number;
}

interface Shelf extends DBSchema {
  looks: { key: [string, string]; value: Kept };
}

export type Trouble = "none" | "unreachable" | "refused";

export interface Standing {
  unsent: number;
  trouble: Trouble;
  /** How many images were gone when their look arrived. */
  gone: number;
}

type Send = (looks: NewLook[]) => Promise<LooksNoted>;

const post: Send = (looks) => ask<LooksNoted>("/looks", { method: "POST", body: { looks } });

export class LookQueue {
  private readonly waiting = new Map<string, Kept>();
  private readonly listeners = new Set<() => void>();
  private shelf: Promise<IDBPDatabase<Shelf> | null> | null = null;
  private standing: Standing = { unsent: 0, trouble: "none", gone: 0 };
  private timer: ReturnType<typeof setTimeout> | null = null;
  private pause = FIRST_PAUSE_MS;
  private busy = false;

  constructor(
    private readonly owner: string,
    private readonly send: Send = post,
  ) {}

  /** Take up what an earlier visit left. Says which images have been spoken of. */
  async open(): Promise<ReadonlySet<string>> {
    const shelf = await this.opened();
    for (const kept of (await shelf?.getAll("looks").catch(() => [])) ?? []) {
      const mine = kept.owner === this.owner;
      if (mine && !this.waiting.has(kept.image_id)) this.waiting.set(kept.image_id, kept);
    }
    this.tell({});
    this.plan(0);
    return new Set(this.waiting.keys());
  }

  add(look: NewLook): void {
    const kept = { owner: this.owner, image_id: look.image_id, look, at: Date.now() };
    this.waiting.set(look.image_id, kept);
    void this.opened().then((shelf) => shelf?.put("looks", kept).catch(() => undefined));
    this.tell({});
    this.plan(GRACE_MS);
  }

  /** Take a look back; false when it has left already. */
  take(imageId: string): boolean {
    const had = this.waiting.delete(imageId);
    if (had) this.forget([imageId]);
    this.tell({});
    return had;
  }

  /** The connection is back. */
  hurry(): void {
    this.pause = FIRST_PAUSE_MS;
    this.plan(0, true);
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Standing => this.standing;

  private plan(inMs: number, now = false): void {
    if (this.timer && !now) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.flush();
    }, inMs);
  }

  private async flush(): Promise<void> {
    if (this.busy) return;
    const ripe = Date.now() - GRACE_MS;
    const going = [...this.waiting.values()].filter(({ at }) => at <= ripe).slice(0, MOST_AT_ONCE);
    if (going.length > 0) {
      this.busy = true;
      await this.sent(going);
      this.busy = false;
    }
    if (this.waiting.size > 0) this.plan(this.standing.trouble === "none" ? 1_000 : this.pause);
  }

  private async sent(going: readonly Kept[]): Promise<void> {
    try {
      await this.send(going.map(({ look }) => look));
      this.arrived(going);
      this.pause = FIRST_PAUSE_MS;
      this.tell({ trouble: "none" });
    } catch (error) {
      const lost = error instanceof Refusal ? missing(error, going) : [];
      this.arrived(lost);
      if (lost.length > 0) {
        this.tell({ gone: this.standing.gone + lost.length, trouble: "none" });
        return;
      }
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
      this.tell({ trouble: error instanceof Refusal ? "refused" : "unreachable" });
    }
  }

  /** Forget those; one that was changed while it was on its way goes once more. */
  private arrived(kept: readonly Kept[]): void {
    const same = kept.filter((each) => this.waiting.get(each.image_id) === each);
    for (const { image_id } of same) this.waiting.delete(image_id);
    this.forget(same.map(({ image_id }) => image_id));
  }

  private forget(ids: readonly string[]): void {
    void this.opened().then(async (shelf) => {
      for (const id of ids) {
        if (!this.waiting.has(id)) {
          await shelf?.delete("looks", [this.owner, id]).catch(() => undefined);
        }
      }
    });
  }

  private tell(change: Partial<Standing>): void {
    this.standing = { ...this.standing, ...change, unsent: this.waiting.size };
    for (const listener of this.listeners) listener();
  }

  /** Null where the browser keeps nothing: then looks live as long as the tab. */
  private opened(): Promise<IDBPDatabase<Shelf> | null> {
    this.shelf ??= openDB<Shelf>("rodinka-looks", 1, {
      upgrade: (shelf) => {
        shelf.createObjectStore("looks", { keyPath: ["owner", "image_id"] });
      },
    }).catch(() => null);
    return this.shelf;
  }
}

/** Which looks were refused because their image is no more. */
function missing(refusal: Refusal, going: readonly Kept[]): Kept[] {
  if (refusal.status !== 422) return [];
  return Object.keys(refusal.fields).flatMap((path) => {
    const place = /^looks\.(\d+)\.image_id$/.exec(path)?.[1];
    const kept = place === undefined ? undefined : going[Number(place)];
    return kept ? [kept] : [];
  });
}
