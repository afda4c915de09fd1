/** A version of a service as it is being written, and as the API takes it. */

export interface AlgorithmDraft {
  name: string;
  version: string;
  vendor: string;
  description: { ru: string; en: string };
  classes: string[];
  positive: string[];
  claimed: {
    auc: string;
    sensitivity: string;
    specificity: string;
    threshold: string;
    seconds: string;
    by_class: Record<string, string>;
  };
  model_sha256: string;
}

export const EMPTY: AlgorithmDraft = {
  name: "",
  version: "",
  vendor: "",
  description: { ru: "", en: "" },
  classes: [],
  positive: [],
  claimed: {
    auc: "",
    sensitivity: "",
    specificity: "",
    threshold: "0.5",
    seconds: "",
    by_class: {},
  },
  model_sha256: "",
};

/** What is typed wrongly is sent as it is typed: the API names all faults at once. */
export function algorithmForm(draft: AlgorithmDraft): object {
  const { claimed } = draft;
  const byClass = Object.entries(claimed.by_class).filter(
    ([key, typed]) => draft.classes.includes(key) && typed.trim(),
  );
  return {
    ...draft,
    // A class that is no longer told is no find either.
    positive: draft.positive.filter((key) => draft.classes.includes(key)),
    claimed: {
      auc: numberOrText(claimed.auc),
      sensitivity: numberOrText(claimed.sensitivity),
      specificity: numberOrText(claimed.specificity),
      threshold: numberOrText(claimed.threshold),
      seconds: numberOrText(claimed.seconds),
      by_class: Object.fromEntries(byClass.map(([key, typed]) => [key, numberOrText(typed)])),
    },
    model_sha256: draft.model_sha256.trim() || null,
  };
}

function numberOrText(typed: string): number | string | null {
  const text = typed.trim();
  if (!text) return null;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : typed;
}
