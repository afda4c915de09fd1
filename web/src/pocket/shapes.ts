/** What the API says to a patient and is told by him. */
import type { ImageSlot } from "../api/contract";

export type View = "front" | "back" | "head" | "palms" | "soles";

export interface Spot {
  view: View;
  x: number;
  y: number;
}

export interface Me {
  login: string;
  clinic: { name: string };
  since: string;
  consent: { research: boolean; publication: boolean; given_on: string };
  questions_open: number;
  advice_unread: number;
  answer_within_days: number;
  can_ask: boolean;
}

export interface MoleImage {
  image_id: string;
  kind: string;
  state: string;
  taken_on: string | null;
}

export interface Mole {
  lesion_id: string;
  site: string;
  name: string | null;
  spot: Spot | null;
  images: MoleImage[];
  last_taken_on: string | null;
  advice_unread: number | boolean;
}

export interface NewMole {
  site: string;
  name?: string;
  spot?: Spot;
}

export interface Size {
  diameter_mm: number | null;
  error_mm: number | null;
  scale: string | null;
}

export interface TakenImage {
  image_id: string;
  kind: string;
  taken_on: string | null;
  urls: { image: string | null; thumbnail: string | null };
  size: Size | null;
}

/** By how much the diameter changed. `grew` is null where that cannot be told. */
export interface Change {
  grew: boolean | null;
  diameter_mm: number | null;
  error_mm: number | null;
}

export interface Timeline {
  images: TakenImage[];
  change: { since_first: Change | null; since_last: Change | null } | null;
}

export interface OwnImage {
  image_id: string;
  state: string;
  taken_on: string | null;
  urls: { image: string | null; thumbnail: string | null };
  problem: { code: string; message: string } | null;
  size: Size | null;
}

export interface Mark {
  x: number;
  y: number;
  diameter: number;
}

export interface Marks {
  mole: Mark;
  scale?: Mark & { object: string };
}

export interface NewImage {
  content_type: "image/jpeg" | "image/png";
  bytes: number;
  sha256: string;
  taken_on?: string;
  marks?: Marks;
}

export type { ImageSlot };

/** In the order in which they are asked: what a person sees, then what he feels. */
export const SIGNS = [
  "growth",
  "colour",
  "bleeding",
  "itching",
  "pain",
  "new",
  "unlike_others",
] as const;
export type Sign = (typeof SIGNS)[number];
export type Said = "yes" | "no" | "unknown";

export interface NewQuestion {
  lesion_id: string;
  image_ids: string[];
  answers: Partial<Record<Sign, Said>>;
  text?: string;
}

export interface Opinion {
  advice: "see_doctor_soon" | "show_at_next_visit" | "cannot_tell";
  reasons: { key: string; text: { ru: string; en: string } }[];
  rules: string;
}

export type Urgency = "urgent" | "soon" | "next_visit" | "watch";

export interface Advice {
  urgency: Urgency;
  text: string;
  answered_at: string;
  read_at: string | null;
}

export interface Asked {
  question_id: string;
  answer_by: string;
  opinion: Opinion;
}

export interface Question extends Asked {
  lesion_id: string;
  asked_at: string;
  overdue?: boolean;
  image_ids: string[];
  answers: Partial<Record<Sign, Said>>;
  text: string | null;
  advice: Advice | null;
}

export interface Coin {
  key: string;
  labels: { ru: string; en: string };
  diameter_mm: number;
}
