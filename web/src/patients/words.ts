/** The words of this part, and those of the survey form for what the API says in keys. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Field, Survey } from "../api/contract";
import { vocabulariesQuery } from "../api/queries";
import { addWords, labelOf } from "../language";
import { day } from "../language/format";
import { en } from "./words.en";
import { ru } from "./words.ru";

addWords("patients", { ru, en });

/** The name of a choice of a field; its key until the vocabulary is there. */
export function useChoiceName(): (field: string, key: string) => string {
  const words = useQuery(vocabulariesQuery).data;
  return (field, key) => {
    const choices = words?.fields.find((each) => each.key === field)?.choices;
    const found = choices?.find((each) => each.key === key);
    return found ? labelOf(found.labels) : key;
  };
}

/** An answer of a survey in words. */
export function useSaid(): (field: Field, answer: unknown) => string {
  const { t } = useTranslation();
  const nameOf = useChoiceName();
  return (field, answer) => {
    if (answer === null || answer === undefined) return t("survey.notStated");
    if (Array.isArray(answer))
      return answer.map((key) => nameOf(field.key, key)).join(", ") || t("no");
    if (typeof answer === "boolean") return answer ? t("yes") : t("no");
    if (field.kind === "date") return day(String(answer));
    return field.choices.length > 0 ? nameOf(field.key, String(answer)) : String(answer);
  };
}

/** Every answer of a survey as it is read: the field's name and the words. */
export function useReadAnswers(): (
  survey: Survey,
) => { key: string; name: string; said: string }[] {
  const said = useSaid();
  const fields = useQuery(vocabulariesQuery).data?.fields ?? [];
  return (survey) =>
    fields.map((field) => ({
      key: field.key,
      name: labelOf(field.labels),
      said: said(field, survey[field.key as keyof Survey]),
    }));
}
