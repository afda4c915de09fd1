/** Registers the worker once the patient's pages are open, and tells when a newer one waits. */
import { useSyncExternalStore } from "react";

const WORKER = "/sw.js";
const SCOPE = "/me";

let waiting: ServiceWorker | null = null;
let begun = false;
const listeners = new Set<() => void>();

export function register(): void {
  if (begun || !import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  begun = true;
  void navigator.serviceWorker
    .register(WORKER, { scope: SCOPE, updateViaCache: "none" })
    .then(watch)
    // A browser may forbid it; the pages work without.
    .catch(() => undefined);
}

function watch(registration: ServiceWorkerRegistration): void {
  if (registration.waiting) show(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const found = registration.installing;
    found?.addEventListener("statechange", () => {
      // The very first one replaces nobody.
      if (found.state === "installed" && registration.active) show(found);
    });
  });
}

/** A newer version is here and waits for its reader to agree. */
export function useNewer(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting !== null,
  );
}

export function loadNewer(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
    once: true,
  });
  waiting?.postMessage("take over");
}

function show(newer: ServiceWorker): void {
  waiting = newer;
  for (const listener of listeners) listener();
}
