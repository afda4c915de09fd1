/** A form that is sent once: the API's own sentences go to the fields they are about. */
import { useRef, useState } from "react";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { Refusal } from "../api/errors";
import { newKey } from "../api/idempotency";

export function useSending<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  send: (values: Values, key: string) => Promise<unknown>,
) {
  // What was changed after a failure is another request, and must not take the first one's answer.
  const asked = useRef({ body: "", key: "" });
  const [failure, setFailure] = useState<unknown>(null);
  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    const body = JSON.stringify(values);
    if (asked.current.body !== body) asked.current = { body, key: newKey() };
    try {
      await send(values, asked.current.key);
    } catch (error) {
      const told = error instanceof Refusal ? Object.entries(error.fields) : [];
      for (const [path, message] of told) form.setError(path as FieldPath<Values>, { message });
      setFailure(told.length > 0 ? null : error);
    }
  });
  return { submit, failure, busy: form.formState.isSubmitting };
}
