/**
 * The worker beside the patient's pages, and beside no others: its scope is `/me`. It keeps the pages'
 * own files, so that they open without a network, and sends what waits when the browser wakes it.
 * Answers of the API and images are never kept by it.
 */
import { TAG } from "./background";
import { sendFromHere } from "./sending-here";
import type { WorkerScope } from "./worker-types";

declare const self: WorkerScope;

const PAGE = "/index.html";
const PREFIX = "rodinka.files.";
/** How long a question waits here for the look at its photograph. */
const [SOON_TRIES, SOON_MS] = [8, 3_000];
const FILES = self.__WB_MANIFEST.map((each) =>
  typeof each === "string" ? { url: each, revision: null } : each,
);
/** Another build has another name, and its files beside it until the pages have moved on. */
const CACHE = PREFIX + fingerprint(FILES.map(({ url, revision }) => `${url} ${revision}`).join());
const OWN = new Set(FILES.map(({ url }) => new URL(url, self.location.origin).pathname));

self.addEventListener("install", (event) => event.waitUntil(fetched()));

self.addEventListener("activate", (event) => event.waitUntil(earlierDropped()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate") event.respondWith(kept(PAGE, event.request));
  else if (OWN.has(pathname)) event.respondWith(kept(pathname, event.request));
});

self.addEventListener("sync", (event) => {
  if (event.tag === TAG) event.waitUntil(sent());
});

// The page asks for it once its reader has agreed to load the new version.
self.addEventListener("message", ({ data }) => {
  if (data === "take over") void self.skipWaiting();
});

async function fetched(): Promise<void> {
  const cache = await caches.open(CACHE);
  // A file without a revision has its content in its name; the others are asked past the browser's cache.
  await cache.addAll(
    FILES.map(
      ({ url, revision }) => new Request(`/${url}`, { cache: revision ? "reload" : "default" }),
    ),
  );
}

async function earlierDropped(): Promise<void> {
  const names = await caches.keys();
  const earlier = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(earlier.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(path: string, request: Request): Promise<Response> {
  const found = await (await caches.open(CACHE)).match(path);
  return found ?? fetch(request);
}

/** An open page shows how far it is; without one the worker sends by itself. */
async function sent(): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.length > 0) {
    const channel = new BroadcastChannel("rodinka.waiting");
    channel.postMessage("send");
    channel.close();
    return;
  }
  for (let tries = 0; tries < SOON_TRIES; tries += 1) {
    const stopped = await sendFromHere();
    // A rejection asks the browser to wake the worker once more.
    if (stopped === "unreachable") throw new Error("no network after all");
    if (stopped !== "soon") return;
    await new Promise((resolve) => setTimeout(resolve, SOON_MS));
  }
}

function fingerprint(text: string): string {
  let sum = 0;
  for (const each of text) sum = (Math.imul(sum, 31) + (each.codePointAt(0) ?? 0)) | 0;
  return (sum >>> 0).toString(36);
}
