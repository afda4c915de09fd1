/** A dataset's public page, read from the API's open object. */
import type { Labels, Schemas } from "../../api/contract";
import { labelsOf, listOf, objectOf, objectOrNull, textOf } from "../../api/loose";
import { type Counts, countsOf, flowOf, passagesOf, type Step } from "../selection/shapes";

export type Entry = Schemas["EntryAnswer"];
export type EntryPage = Schemas["RegistryPage"];
export type VersionOf = Schemas["VersionAnswer"];
export type Registry = Schemas["RegistryAnswer"];
export type Download = Schemas["DownloadAnswer"];
export type ReleaseFile = Schemas["FileAnswer"];

export interface Told {
  abstract: Labels | null;
  task: Labels | null;
  use: Labels | null;
  security: Labels | null;
  prohibitions: Labels | null;
  features: Labels[];
  funding: string;
  conflicts: string;
  authors: string[];
  inclusion: Labels[];
  nonInclusion: Labels[];
  exclusion: Labels[];
  flow: Step[];
  counts: Counts | null;
}

/** Null of a hidden set, which tells nothing. */
export function toldOf(page: unknown): Told | null {
  const found = objectOf(page);
  const plan = objectOrNull(found.plan);
  if (!plan) return null;
  const criteria = objectOf(found.criteria);
  const passage = (value: unknown) => (objectOrNull(value) ? labelsOf(value) : null);
  return {
    abstract: passage(plan.abstract),
    task: passage(plan.clinical_task),
    use: passage(plan.clinical_use),
    security: passage(plan.data_security),
    prohibitions: passage(plan.special_prohibitions),
    features: passagesOf(plan.features),
    funding: textOf(plan.funding),
    conflicts: textOf(plan.conflicts_of_interest),
    authors: listOf(plan.authors).map(textOf).filter(Boolean),
    inclusion: passagesOf(criteria.inclusion),
    nonInclusion: passagesOf(criteria.non_inclusion),
    exclusion: passagesOf(criteria.exclusion),
    flow: flowOf(found.flow),
    counts: countsOf(found.balance),
  };
}
