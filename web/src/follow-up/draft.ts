/**
 * What was typed and not sent outlives the tab. Another account does not get it, and signing out
 * removes it. None of it may name anybody: the forms say so.
 */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { accountQuery } from "../api/queries";
import { onLeaving } from "../session/session";

const PREFIX = "rodinka.typed.";

/** Keeps a form's values under what it is about and puts them back; answers what forgets them. */
export function useDraft<Entered extends FieldValues>(
  form: UseFormReturn<Entered>,
  about: string,
): () => void {
  const account = useQuery(accountQuery).data?.account_id;
  const key = account ? `${PREFIX}${account}.${about}` : null;
  const { reset, subscribe, getValues } = form;
  useEffect(() => {
    if (!key) return;
    const kept = read(key);
    if (kept) reset({ ...getValues(), ...kept }, { keepDefaultValues: true });
    return subscribe({
      formState: { values: true },
      callback: ({ values }) => keep(key, values),
    });
  }, [key, reset, subscribe, getValues]);
  return useCallback(() => {
    if (key) drop(key);
  }, [key]);
}

function read(key: string): Record<string, unknown> | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof kept === "object" && kept !== null && !Array.isArray(kept)
      ? (kept as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function keep(key: string, values: FieldValues): void {
  try {
    localStorage.setItem(key, JSON.stringify(values));
  } catch {
    // Storage may be full or forbidden; then the form lives as long as its tab.
  }
}

function drop(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
}

onLeaving(() => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) drop(key);
  } catch {
    // As above.
  }
});
