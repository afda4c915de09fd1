/** Asks the browser to wake the worker when there is a network again, where a browser can do that. */

export const TAG = "rodinka.send";

interface Wakes {
  sync?: { register: (tag: string) => Promise<void> };
}

export async function wakeLater(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker?.getRegistration("/me");
    await (registration as (ServiceWorkerRegistration & Wakes) | undefined)?.sync?.register(TAG);
  } catch {
    // Then it goes when the page is open and the network back.
  }
}
