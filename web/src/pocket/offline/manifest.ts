/** The pages as an app on the phone: its manifest in the reader's language, on these pages only. */
import type { Language } from "../../language";

export function offer(language: Language): void {
  const href = `/manifest.${language}.webmanifest`;
  const known = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
  if (known) known.href = href;
  else document.head.append(link("manifest", href));
  if (!document.querySelector('link[rel="apple-touch-icon"]')) {
    document.head.append(link("apple-touch-icon", "/icons/apple-180.png"));
  }
}

function link(rel: string, href: string): HTMLLinkElement {
  const made = document.createElement("link");
  made.rel = rel;
  made.href = href;
  return made;
}
