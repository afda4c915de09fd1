/** What the worker uses of its world; the pages' own types know only a window's. */

export interface Extendable extends Event {
  waitUntil(what: Promise<unknown>): void;
}

export interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Response | Promise<Response>): void;
}

export interface Synced extends Extendable {
  readonly tag: string;
  readonly lastChance: boolean;
}

export interface Messaged extends Extendable {
  readonly data: unknown;
}

export interface Told {
  postMessage(message: unknown): void;
}

export interface WorkerScope {
  readonly location: Location;
  readonly __WB_MANIFEST: readonly (string | { url: string; revision: string | null })[];
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: "window"; includeUncontrolled?: boolean }): Promise<Told[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(event: "install" | "activate", told: (event: Extendable) => void): void;
  addEventListener(event: "fetch", told: (event: Fetching) => void): void;
  addEventListener(event: "sync", told: (event: Synced) => void): void;
  addEventListener(event: "message", told: (event: Messaged) => void): void;
}
