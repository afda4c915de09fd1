/** What the patient's pages read. The least of it is kept sealed for when there is no network. */
import { queryOptions } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { Listing, Vocabularies } from "../api/contract";
import { Unreachable } from "../api/errors";
import { LINKS_FRESH_MS } from "../api/queries";
import { keepNote, type NoteName, readNote } from "./keeping/notes";
import { currentOwner } from "./keeping/owner";
import type { Coin, Me, Mole, OwnImage, Question, Timeline } from "./shapes";

/** Nobody has more moles than that here: the list ends whatever the cursor says. */
const MOST_PAGES = 20;

export const meQuery = queryOptions({
  queryKey: ["me", "self"],
  queryFn: ({ signal }) => keptWhenGone("me", () => ask<Me>("/me", { signal })),
});

export const molesQuery = queryOptions({
  queryKey: ["me", "moles"],
  queryFn: ({ signal }) => keptWhenGone("moles", () => wholeList<Mole>("/me/lesions", signal)),
});

export const questionsQuery = queryOptions({
  queryKey: ["me", "questions"],
  queryFn: ({ signal }) => wholeList<Question>("/me/questions", signal),
});

export const questionQuery = (questionId: string) =>
  queryOptions({
    queryKey: ["me", "question", questionId],
    queryFn: ({ signal }) =>
      ask<Question>(`/me/questions/${encodeURIComponent(questionId)}`, { signal }),
  });

export const timelineQuery = (moleId: string) =>
  queryOptions({
    queryKey: ["me", "timeline", moleId],
    queryFn: ({ signal }) =>
      ask<Timeline>(`/me/lesions/${encodeURIComponent(moleId)}/timeline`, { signal }),
    staleTime: LINKS_FRESH_MS,
  });

export const imageQuery = (imageId: string) =>
  queryOptions({
    queryKey: ["me", "image", imageId],
    queryFn: ({ signal }) => ask<OwnImage>(`/me/images/${encodeURIComponent(imageId)}`, { signal }),
    staleTime: LINKS_FRESH_MS,
  });

/** The coins that the vocabularies know; none where they know of none. */
export function coinsIn(vocabularies: Vocabularies | undefined): Coin[] {
  return vocabularies?.scale_objects ?? [];
}

async function wholeList<Item>(path: string, signal: AbortSignal): Promise<Item[]> {
  const items: Item[] = [];
  let cursor = "";
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await ask<Listing<Item>>(`${path}?limit=200${query}`, { signal });
    items.push(...answer.items);
    if (!answer.next) break;
    cursor = answer.next;
  }
  return items;
}

/** The answer, or without a network the last one that this phone has seen. */
async function keptWhenGone<Answer>(name: NoteName, asked: () => Promise<Answer>): Promise<Answer> {
  const owner = currentOwner();
  try {
    const answer = await asked();
    if (owner) await keepNote(owner, name, answer).catch(() => undefined);
    return answer;
  } catch (error) {
    const kept = owner && error instanceof Unreachable ? await readNote<Answer>(owner, name) : null;
    if (kept) return kept;
    throw error;
  }
}
