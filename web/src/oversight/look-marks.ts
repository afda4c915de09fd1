/** The gallery's state: what is on screen, what was said of each image, and where the curator is. */
import type { NewLook, WaitingImage } from "./shapes";

export const SAYINGS = ["clear", "face", "tattoo", "name", "other", "technical_defect"] as const;
export type Saying = (typeof SAYINGS)[number];

/** The keys by their places on the keyboard. */
export const KEYS: Readonly<Record<string, Saying>> = {
  Space: "clear",
  KeyF: "face",
  KeyT: "tattoo",
  KeyN: "name",
  KeyO: "other",
  KeyD: "technical_defect",
};

export function lookOf(imageId: string, saying: Saying): NewLook {
  if (saying === "clear" || saying === "technical_defect") {
    return { image_id: imageId, look: saying };
  }
  return { image_id: imageId, look: "identifying", what: saying };
}

export interface Marks {
  images: readonly WaitingImage[];
  said: ReadonlyMap<string, Saying>;
  /** Ids in the order in which they were spoken of, the last one at the end. */
  past: readonly string[];
  /** The place of the image that a key speaks of. */
  at: number;
}

export const NO_MARKS: Marks = { images: [], said: new Map(), past: [], at: 0 };

export type Step =
  | { kind: "came"; images: readonly WaitingImage[]; known: ReadonlySet<string> }
  | { kind: "went"; to: number }
  | { kind: "said"; saying: Saying }
  | { kind: "undone" };

export function stepped(marks: Marks, step: Step): Marks {
  if (step.kind === "came") return withImages(marks, step.images, step.known);
  if (step.kind === "went") {
    const last = Math.max(marks.images.length - 1, 0);
    return { ...marks, at: Math.min(Math.max(step.to, 0), last) };
  }
  if (step.kind === "undone") return withoutLast(marks);
  const image = marks.images[marks.at];
  if (!image) return marks;
  const said = new Map(marks.said).set(image.image_id, step.saying);
  const past = [...marks.past.filter((id) => id !== image.image_id), image.image_id];
  return { ...marks, said, past, at: following({ ...marks, said }) };
}

/** New images go to the end; those on show only get their fresh links. */
function withImages(
  marks: Marks,
  images: readonly WaitingImage[],
  known: ReadonlySet<string>,
): Marks {
  const fresh = new Map(images.map((image) => [image.image_id, image]));
  const shown = marks.images.map((image) => fresh.get(image.image_id) ?? image);
  const there = new Set(shown.map((image) => image.image_id));
  const added = images.filter(({ image_id }) => !there.has(image_id) && !known.has(image_id));
  return { ...marks, images: [...shown, ...added] };
}

function withoutLast(marks: Marks): Marks {
  const id = marks.past.at(-1);
  if (id === undefined) return marks;
  const said = new Map(marks.said);
  said.delete(id);
  const at = marks.images.findIndex((image) => image.image_id === id);
  return { ...marks, said, past: marks.past.slice(0, -1), at: at < 0 ? marks.at : at };
}

/** The next image that nothing was said of: onwards first, then from the beginning. */
function following({ images, said, at }: Marks): number {
  const open = (place: number) => {
    const image = images[place];
    return image !== undefined && !said.has(image.image_id);
  };
  for (let place = at + 1; place < images.length; place += 1) if (open(place)) return place;
  for (let place = 0; place < at; place += 1) if (open(place)) return place;
  return at;
}

export function unseen({ images, said }: Marks): number {
  return images.filter(({ image_id }) => !said.has(image_id)).length;
}
