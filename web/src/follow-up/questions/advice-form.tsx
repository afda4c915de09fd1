/** The doctor's advice: how soon to come, and words that may begin from a template and stay his own. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { ask } from "../../api/client";
import { Refusal } from "../../api/errors";
import { useRequestKeys } from "../../api/idempotency";
import { labelOf } from "../../language";
import { Failure } from "../../ui/failure";
import { useDraft } from "../draft";
import { AdviceFields, type Entered } from "./advice-fields";
import { type Question, questionQuery, type Template, templatesQuery } from "./queries";

export function AdviceForm({ question }: { question: Question }) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const kept = useQueryClient();
  const id = useId();
  const keyFor = useRequestKeys();
  const form = useForm<Entered>({ defaultValues: { urgency: "", text: "" } });
  const forget = useDraft(form, `advice.${question.question_id}`);
  const advising = useMutation({
    mutationFn: (body: Entered) =>
      ask<Question>(`/questions/${encodeURIComponent(question.question_id)}/advice`, {
        method: "POST",
        body,
        idempotencyKey: keyFor(body),
      }),
    onSuccess: (answered) => {
      forget();
      kept.setQueryData(questionQuery(question.question_id).queryKey, answered);
      void kept.invalidateQueries({ queryKey: ["questions"] });
    },
    onError: (error) => {
      if (!(error instanceof Refusal)) return;
      for (const field of ["urgency", "text"] as const) {
        if (error.fields[field]) form.setError(field, { message: error.fields[field] });
      }
    },
  });
  return (
    <form
      className="advice-form"
      noValidate
      aria-labelledby={`${id}-title`}
      onSubmit={form.handleSubmit(({ urgency, text }) =>
        advising.mutate({ urgency, text: text.trim() }),
      )}
    >
      <h2 id={`${id}-title`}>{t("advice.title")}</h2>
      <Templates
        untouched={!form.formState.dirtyFields.text}
        use={(template) => {
          form.setValue("urgency", template.urgency, { shouldValidate: true });
          form.setValue("text", labelOf(template.text), { shouldValidate: true });
        }}
      />
      <AdviceFields form={form} />
      {advising.isError && <Failure error={advising.error} />}
      <div className="actions">
        <button type="submit" className="primary" disabled={advising.isPending}>
          {advising.isPending ? common("busy") : t("advice.send")}
        </button>
      </div>
    </form>
  );
}

interface Offered {
  /** Nothing of the doctor's own would be lost. */
  untouched: boolean;
  use: (template: Template) => void;
}

/** A template replaces what stands there; what the doctor wrote himself asks first by a second press. */
function Templates({ untouched, use }: Offered) {
  const { t } = useTranslation("follow_up");
  const templates = useQuery(templatesQuery);
  const [asked, setAsked] = useState<string | null>(null);
  if (!templates.data) return null;
  return (
    <div className="templates">
      <p className="hint">{t("advice.templates")}</p>
      <div className="chips">
        {templates.data.map((each) => (
          <button
            key={each.key}
            type="button"
            className="template"
            onClick={() => {
              if (untouched || asked === each.key) use(each);
              setAsked(untouched || asked === each.key ? null : each.key);
            }}
          >
            {labelOf(each.title)}
          </button>
        ))}
      </div>
      <p className="fault" role="status">
        {asked && !untouched && t("advice.replaces")}
      </p>
    </div>
  );
}
