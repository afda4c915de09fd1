/** What a reader has said of the image before him, before he sends it. */
import type { Point } from "../viewer";
import type { LesionClass, Quality, ReadingForm } from "./queries";

export interface Answer {
  diagnosis: LesionClass | null;
  differential: readonly LesionClass[];
  confidence: number | null;
  quality: Quality;
  outline: readonly Point[] | null;
  comment: string;
}

export const UNSAID: Answer = {
  diagnosis: null,
  differential: [],
  confidence: null,
  quality: "good",
  outline: null,
  comment: "",
};

export const CONFIDENCES = [1, 2, 3, 4, 5] as const;
export const QUALITIES: readonly Quality[] = ["good", "poor", "unusable"];
export const MOST_LETTERS = 1000;

/** The diagnosis is never in its own differential. */
export function diagnosed(answer: Answer, diagnosis: LesionClass): Answer {
  const differential = answer.differential.filter((each) => each !== diagnosis);
  return { ...answer, diagnosis, differential };
}

export function differing(answer: Answer, also: LesionClass): Answer {
  if (also === answer.diagnosis) return answer;
  const differential = answer.differential.includes(also)
    ? answer.differential.filter((each) => each !== also)
    : [...answer.differential, also];
  return { ...answer, differential };
}

/** Of what cannot be seen nothing is known; a class that was chosen already stays. */
export function ofQuality(answer: Answer, quality: Quality): Answer {
  const blind = quality === "unusable" && answer.diagnosis === null;
  return { ...(blind ? diagnosed(answer, "unknown") : answer), quality };
}

/** The next of several on one key; after the last there is none again. */
export function nextConfidence(now: number | null): number | null {
  return now === CONFIDENCES.length ? null : (now ?? 0) + 1;
}

export function nextQuality(now: Quality): Quality {
  return QUALITIES[(QUALITIES.indexOf(now) + 1) % QUALITIES.length] ?? "good";
}

export function isUnsaid(answer: Answer): boolean {
  return JSON.stringify(answer) === JSON.stringify(UNSAID);
}

/** As the API takes it; null while there is no diagnosis. */
export function formOf(answer: Answer, seconds: number): ReadingForm | null {
  if (answer.diagnosis === null) return null;
  return {
    diagnosis: answer.diagnosis,
    differential: [...answer.differential],
    confidence: answer.confidence,
    image_quality: answer.quality,
    outline: answer.outline?.map(([x, y]) => [x, y]) ?? null,
    comment: answer.comment.trim() || null,
    seconds: Math.max(Math.round(seconds * 10) / 10, 0.1),
  };
}

/** What was sent, to be corrected after it was taken back. */
export function answerOf(form: ReadingForm): Answer {
  return {
    diagnosis: form.diagnosis,
    differential: form.differential ?? [],
    confidence: form.confidence ?? null,
    quality: form.image_quality ?? "good",
    outline: form.outline ?? null,
    comment: form.comment ?? "",
  };
}
