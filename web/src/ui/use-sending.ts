/** A form that is sent once: the API's own sentences go to the fields they are about. */
import { useState } from "react";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { Refusal } from "../api/errors";
import { useRequestKeys } from "../api/idempotency";

export function useSending<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  send: (values: Values, key: string) => Promise<unknown>,
) {
  const keyFor = useRequestKeys();
  const [failure, setFailure] = useState<unknown>(null);
  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      await send(values, keyFor(values));
    } catch (error) {
      const told = error instanceof Refusal ? Object.entries(error.fields) : [];
      for (const [path, message] of told) form.setError(path as FieldPath<Values>, { message });
      setFailure(told.length > 0 ? null : error);
    }
  });
  return { submit, failure, busy: form.formState.isSubmitting };
}
