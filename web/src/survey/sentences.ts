/** What the form says of faults, in the chosen language. */
import { useTranslation } from "react-i18next";
import type { Sentences } from "./faults";
import "./words";

export function useSentences(): Sentences {
  const { t } = useTranslation();
  const survey = useTranslation("survey").t;
  return {
    missing: t("survey.missing"),
    codeShape: t("survey.codeShape"),
    consentMissing: t("survey.consentMissing"),
    age: survey("age"),
    ageRange: survey("ageRange", { from: 0, to: 120 }),
    future: survey("future"),
    beforeBirth: survey("beforeBirth"),
  };
}
