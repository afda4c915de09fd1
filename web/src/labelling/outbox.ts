/**
 * Readings on their way. The next image is shown at once, so a reading is kept here first, and in
 * the browser's storage, until the system has it: neither a lost connection nor a closed tab loses
 * one. It is sent as often as need be under one key, which makes one reading of it.
 */
import { Refusal } from "../api/errors";
import { newKey } from "../api/idempotency";
import type { ReadingForm } from "./queries";

/** How long the system lets a reading be taken back; counted from before it was sent. */
export const UNDO_MS = 60_000;
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 20_000];

export interface Waiting {
  assignmentId: string;
  /** Null where the reading of this assignment is taken back. */
  form: ReadingForm | null;
  key: string;
  attempts: number;
}

export interface Sent {
  assignmentId: string;
  form: ReadingForm;
  undoUntil: number;
}

/** The system did not take it, and why. */
export interface Refused {
  assignmentId: string;
  form: ReadingForm | null;
  sentence: string;
}

export interface Kept {
  waiting: readonly Waiting[];
  sent: readonly Sent[];
  refused: readonly Refused[];
}

export interface Contents extends Kept {
  /** The last try reached nobody; it is tried again by itself. */
  stuck: boolean;
}

/** The world as the outbox knows it. */
export interface Ways {
  send: (assignmentId: string, form: ReadingForm, key: string) => Promise<unknown>;
  takeBack: (assignmentId: string) => Promise<unknown>;
  keep: (kept: Kept) => void;
  now: () => number;
  /** Returns what calls it off. */
  later: (act: () => void, ms: number) => () => void;
}

export class Outbox {
  private listeners = new Set<() => void>();
  private sending = false;
  private failures = 0;
  private callOff: (() => void) | null = null;
  contents: Contents;

  constructor(
    private readonly ways: Ways,
    kept?: Kept,
  ) {
    const { waiting = [], sent = [], refused = [] } = kept ?? {};
    this.contents = { waiting, sent, refused, stuck: false };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  put(assignmentId: string, form: ReadingForm): void {
    this.change({ waiting: [...this.contents.waiting, entry(assignmentId, form)] });
    void this.flush();
  }

  /** The reading that would be taken back, if any still may be. */
  latest(): Sent | Waiting | null {
    const unsent = this.contents.waiting.findLast((each) => each.form !== null);
    const sent = this.contents.sent.findLast((each) => each.undoUntil > this.ways.now());
    return unsent ?? sent ?? null;
  }

  /** Take the latest reading back; what it was, or null when there is none to take. */
  undo(): { assignmentId: string; form: ReadingForm } | null {
    const latest = this.latest();
    if (!latest?.form) return null;
    const { assignmentId, form } = latest;
    const others = this.contents.waiting.filter((each) => each !== latest);
    // What was never sent is nowhere else; anything else may have arrived.
    const nowhere = "attempts" in latest && latest.attempts === 0;
    this.change({
      waiting: nowhere ? others : [...others, entry(assignmentId, null)],
      sent: this.contents.sent.filter((each) => each !== latest),
    });
    void this.flush();
    return { assignmentId, form };
  }

  /** The reader has seen that it was refused. */
  dismiss(refused: Refused): void {
    this.change({ refused: this.contents.refused.filter((each) => each !== refused) });
  }

  /** Try again now: the connection is back, or the reader has signed in again. */
  wake = (): void => {
    this.callOff?.();
    this.callOff = null;
    void this.flush();
  };

  /** One after the other, in the order they were given. */
  private async flush(): Promise<void> {
    if (this.sending || this.callOff) return;
    this.sending = true;
    try {
      for (let next = this.contents.waiting[0]; next; next = this.contents.waiting[0]) {
        if (!(await this.deliver(next))) break;
      }
    } finally {
      this.sending = false;
    }
  }

  /** False when it has to wait. */
  private async deliver(given: Waiting): Promise<boolean> {
    const tried = { ...given, attempts: given.attempts + 1 };
    this.replace(given, tried);
    const began = this.ways.now();
    try {
      if (tried.form) await this.ways.send(tried.assignmentId, tried.form, tried.key);
      else await this.ways.takeBack(tried.assignmentId);
    } catch (error) {
      if (!isFinal(error)) {
        this.pause();
        return false;
      }
      if (this.contents.waiting.includes(tried)) this.refuse(tried, error);
      return true;
    }
    this.failures = 0;
    // It may have been taken back meanwhile: then its taking back stands behind it.
    const stands = this.contents.waiting.includes(tried) && tried.form !== null;
    const sent = { assignmentId: tried.assignmentId, form: tried.form, undoUntil: began + UNDO_MS };
    this.change({
      waiting: this.contents.waiting.filter((each) => each !== tried),
      sent: stands ? [...this.alive(), sent as Sent] : this.alive(),
      stuck: false,
    });
    return true;
  }

  private pause(): void {
    const ms = PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)] ?? 0;
    this.failures += 1;
    this.change({ stuck: true });
    this.callOff = this.ways.later(this.wake, ms);
  }

  private refuse(tried: Waiting, error: Refusal): void {
    const { assignmentId, form } = tried;
    this.failures = 0;
    this.change({
      waiting: this.contents.waiting.filter((each) => each !== tried),
      refused: [...this.contents.refused, { assignmentId, form, sentence: error.message }],
      stuck: false,
    });
  }

  private alive(): readonly Sent[] {
    return this.contents.sent.filter((each) => each.undoUntil > this.ways.now());
  }

  private replace(one: Waiting, other: Waiting): void {
    const waiting = this.contents.waiting.map((each) => (each === one ? other : each));
    this.change({ waiting });
  }

  private change(what: Partial<Contents>): void {
    this.contents = { ...this.contents, ...what };
    const { waiting, sent, refused } = this.contents;
    this.ways.keep({ waiting, sent, refused });
    for (const listener of this.listeners) listener();
  }
}

function entry(assignmentId: string, form: ReadingForm | null): Waiting {
  return { assignmentId, form, key: newKey(), attempts: 0 };
}

/** Refused for good; anything else may come about later, as after signing in again. */
function isFinal(error: unknown): error is Refusal {
  if (!(error instanceof Refusal)) return false;
  const { status, code } = error;
  const later = status >= 500 || status === 401 || status === 429 || code === "unauthorized";
  return !later;
}
