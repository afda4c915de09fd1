/** What waits to be sent: each task is one request that makes one thing, and may rest on earlier ones. */
import type { Answers, NewImage, NewMole } from "../shapes";

/** A thing that the system knows, or that a task before this one will have made. */
export type Ref = { id: string } | { task: string };

export interface MoleTask {
  kind: "mole";
  mole: NewMole;
}

export interface PhotographTask {
  kind: "photograph";
  of: Ref;
  image: NewImage;
  /** A small picture for the list. */
  preview: string;
}

export interface QuestionTask {
  kind: "question";
  of: Ref;
  images: Ref[];
  answers: Answers;
  text?: string;
}

export type Task = MoleTask | PhotographTask | QuestionTask;

/** `waiting` until it is `sent`; `refused` when the system said that it will never take it so. */
export type Standing = "waiting" | "sent" | "refused";

/** How far a task has come. Of what it is about this says nothing. */
export interface Progress {
  id: string;
  owner: string;
  /** Tasks go in the order in which they came. */
  at: number;
  /** The same at every try, so that the system makes one thing of however many. */
  key: string;
  standing: Standing;
  tries: number;
  /** What the system called that which was made, or will be once its file is there. */
  made: string | null;
  refusal: { code: string; message: string } | null;
}

export interface Waiting extends Progress {
  task: Task;
}

/** The tasks that a task rests on. */
export function restsOn(task: Task): string[] {
  const refs =
    task.kind === "mole" ? [] : task.kind === "photograph" ? [task.of] : [task.of, ...task.images];
  return refs.flatMap((ref) => ("task" in ref ? [ref.task] : []));
}

/** Everything that cannot be sent without one task: itself, and what rests on it. */
export function withDependents(id: string, all: readonly Waiting[]): string[] {
  const gone = new Set([id]);
  for (const each of [...all].sort((a, b) => a.at - b.at)) {
    if (restsOn(each.task).some((needed) => gone.has(needed))) gone.add(each.id);
  }
  return [...gone];
}

/** What was sent and nothing that still waits rests on. */
export function spent(all: readonly Waiting[]): string[] {
  const needed = new Set(
    all.filter(({ standing }) => standing !== "sent").flatMap(({ task }) => restsOn(task)),
  );
  return all
    .filter(({ id, standing }) => standing === "sent" && !needed.has(id))
    .map(({ id }) => id);
}
