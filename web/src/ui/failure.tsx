/** What went wrong and what to do about it, with the request's number for whoever is asked. */
import { useTranslation } from "react-i18next";
import { Refusal, Unreachable } from "../api/errors";

export function Failure({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const { t } = useTranslation();
  return (
    <section className="failure" role="alert">
      <h2>{t("failure.title")}</h2>
      <p>{useSentence()(error)}</p>
      <FieldSentences error={error} />
      <RequestNumber error={error} />
      {retry && (
        <button type="button" onClick={() => retry()}>
          {t("retry")}
        </button>
      )}
    </section>
  );
}

/** What is wrong field by field: where no form shows it beside its fields, it is said here. */
function FieldSentences({ error }: { error: unknown }) {
  if (!(error instanceof Refusal)) return null;
  const said = [...new Set(Object.values(error.fields))];
  if (said.length === 0) return null;
  return (
    <ul>
      {said.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

export function RequestNumber({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof Refusal) || !error.requestId) return null;
  return (
    <p className="request">
      {t("failure.request")} <code>{error.requestId}</code>
    </p>
  );
}

/** The sentence for any error: the system's own where it said one. */
export function useSentence(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (error instanceof Unreachable) return t("failure.unreachable");
    if (error instanceof Refusal) return error.message || t("failure.internal");
    return t("failure.unexpected");
  };
}
