/** An answer with a mistake in it is put right; the patient is told that it changed. */
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { ask } from "../../api/client";
import { Refusal } from "../../api/errors";
import { Window } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { useSending } from "../../ui/use-sending";
import { useDraft } from "../draft";
import { AdviceFields, type Entered } from "./advice-fields";
import { type Advice, type Question, questionQuery } from "./queries";

interface Shown {
  questionId: string;
  advice: Advice;
  close: () => void;
}

export function CorrectAdvice({ questionId, advice, close }: Shown) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const kept = useQueryClient();
  const id = useId();
  // What the doctor saw when he began: a later one must not be overwritten unseen.
  const [seen] = useState(advice);
  const form = useForm<Entered>({ defaultValues: { urgency: seen.urgency, text: seen.text } });
  const forget = useDraft(form, `correction.${questionId}.${seen.revision}`);
  const { queryKey } = questionQuery(questionId);
  const sending = useSending(form, async ({ urgency, text }) => {
    try {
      const corrected = await ask<Question>(`/questions/${encodeURIComponent(questionId)}/advice`, {
        method: "PATCH",
        body: { revision: seen.revision, urgency, text: text.trim() },
      });
      kept.setQueryData(queryKey, corrected);
    } catch (error) {
      // Behind the window the page shows what stands there now.
      if (error instanceof Refusal && error.status === 409) {
        void kept.invalidateQueries({ queryKey });
      }
      throw error;
    }
    forget();
    close();
  });
  return (
    <Window
      title={t("advice.correctTitle")}
      close={close}
      acts={
        <>
          <button
            type="button"
            onClick={() => {
              forget();
              close();
            }}
          >
            {common("cancel")}
          </button>
          <button type="submit" form={id} className="primary" disabled={sending.busy}>
            {sending.busy ? common("busy") : t("advice.correctSend")}
          </button>
        </>
      }
    >
      <form
        id={id}
        className="advice-form"
        noValidate
        onSubmit={(event) => void sending.submit(event)}
      >
        <p>{t("advice.correctMeans")}</p>
        <AdviceFields form={form} />
        {sending.failure !== null && <Failure error={sending.failure} />}
      </form>
    </Window>
  );
}
