/** What the API says to a patient and is told by him. */
import type { ImageSlot, Schemas } from "../api/contract";

export type Me = Schemas["MeAnswer"];
export type Mole = Schemas["OwnLesionAnswer"];
export type MoleImage = Mole["images"][number];
export type NewMole = Schemas["OwnLesionForm"];
export type Spot = Schemas["SpotAnswer"];
export type Timeline = Schemas["OwnTimeline"];
export type TakenImage = Timeline["images"][number];
export type Size = NonNullable<TakenImage["size"]>;
/** By how much the diameter changed. `grew` is null where that cannot be told. */
export type Change = NonNullable<Timeline["change"]>["since_first"];
export type OwnImage = Schemas["OwnImageAnswer"];
export type NewImage = Schemas["OwnImageForm"];
export type Marks = NonNullable<NewImage["marks"]>;
export type Coin = Schemas["ScaleObjectAnswer"];
export type Question = Schemas["OwnQuestion"];
export type NewQuestion = Schemas["QuestionForm"];
export type Answers = Partial<NewQuestion["answers"]>;
export type Said = NewQuestion["answers"]["itching"];
export type Sign = keyof NewQuestion["answers"];
export type Opinion = Schemas["OpinionAnswer"];
export type Advice = Schemas["AdviceAnswer"];
export type Urgency = Advice["urgency"];
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
] as const satisfies readonly Sign[];
