/** Idempotency-Keys: under one key the API makes one thing, however often it is asked. */
import { useState } from "react";

/** A new key. Works on plain http too, where `crypto.randomUUID` is missing. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Gives a request its key. One repeated after a lost answer keeps it, and makes nothing twice; another
 * body is another request, and must not take the first one's answer.
 */
export function keyring(): (body: unknown) => string {
  let last = { written: "", key: "" };
  return (body) => {
    const written = JSON.stringify(body);
    if (last.written !== written) last = { written, key: newKey() };
    return last.key;
  };
}

/** The keys of what one form asks for as long as it is shown. */
export function useRequestKeys(): (body: unknown) => string {
  return useState(keyring)[0];
}
