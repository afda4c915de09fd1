/** The plan as it is being written: texts as they are typed, made into the API's plan when it is saved. */
import type { Schemas } from "../../api/contract";

export type Plan = Schemas["Plan"];
export type Condition = Schemas["Condition"];
export type ConditionField = Schemas["ConditionFieldAnswer"];
export type ConditionFields = Schemas["ConditionFieldsAnswer"];
type Role = Schemas["ClassRole"];
type Task = Schemas["Task"];

export interface Both {
  ru: string;
  en: string;
}

export interface ConditionDraft {
  field: string;
  operator: string;
  /** Of fields with choices. */
  chosen: string[];
  /** Of all others; several with commas between. */
  typed: string;
}

export interface ClassDraft {
  key: string;
  title: Both;
  diagnoses: string[];
  role: Role;
  units: string;
  requirements: Both;
}

export interface PlanDraft {
  name: Both;
  abstract: Both;
  clinical_task: Both;
  clinical_use: Both;
  data_security: Both;
  features: Both[];
  working_group: { name: string; task: Task; affiliation: string; orcid: string }[];
  keywords: string;
  language: NonNullable<Plan["language"]>;
  funding: string;
  conflicts_of_interest: string;
  prohibited: boolean;
  special_prohibitions: Both;
  purpose: Plan["purpose"];
  access: Plan["access"];
  licence: Plan["licence"];
  modality: string;
  organ: string;
  target: string;
  repeated: boolean;
  kinds: string[];
  unit: NonNullable<Plan["unit"]>;
  classes: ClassDraft[];
  verification: NonNullable<Plan["verification"]>;
  sources: string[];
  /** Sources that are in no list: ids of clinics. */
  other_sources: string;
  inclusion: ConditionDraft[];
  non_inclusion: ConditionDraft[];
  exclusion: ConditionDraft[];
  units: string;
  most_of_one_device: string;
  splits: { name: string; share: string }[];
  tested: boolean;
  test: { expected_auc: string; threshold_auc: string; significance: string };
  seed: string;
}

export type CriteriaName = "inclusion" | "non_inclusion" | "exclusion";

const EMPTY: Both = { ru: "", en: "" };
/** The threshold of the AUC that tests are held against, and what is expected and risked as a rule. */
const USUAL_TEST = { expected_auc: "0.9", threshold_auc: "0.81", significance: "0.05" };

export function newClass(role: Role): ClassDraft {
  return {
    key: "",
    title: { ...EMPTY },
    diagnoses: [],
    role,
    units: "",
    requirements: { ...EMPTY },
  };
}

export const NEW_CONDITION: ConditionDraft = { field: "", operator: "", chosen: [], typed: "" };

export function newMember(task: Task) {
  return { name: "", task, affiliation: "", orcid: "" };
}

/** A plan that nobody has begun; `seed` is any text of one's own. */
export function newPlan(seed: string): PlanDraft {
  return {
    name: { ...EMPTY },
    abstract: { ...EMPTY },
    clinical_task: { ...EMPTY },
    clinical_use: { ...EMPTY },
    data_security: { ...EMPTY },
    features: [{ ...EMPTY }],
    working_group: [newMember("clinician")],
    keywords: "",
    language: "ru, en",
    funding: "",
    conflicts_of_interest: "",
    prohibited: false,
    special_prohibitions: { ...EMPTY },
    purpose: "training",
    access: "public",
    licence: "CC-BY-NC-4.0",
    modality: "DSC",
    organ: "SKIN",
    target: "",
    repeated: false,
    kinds: ["dermoscopic"],
    unit: "image",
    classes: [newClass("positive"), newClass("negative")],
    verification: "medium",
    sources: [],
    other_sources: "",
    inclusion: [],
    non_inclusion: [],
    exclusion: [],
    units: "",
    most_of_one_device: "",
    splits: [],
    tested: false,
    test: { ...USUAL_TEST },
    seed,
  };
}

/** A saved plan for writing; `listed` are the sources that can be ticked. */
export function draftOf(
  plan: Plan,
  listed: ReadonlySet<string>,
  fields: ReadonlyMap<string, ConditionField>,
): PlanDraft {
  const conditions = (told: Condition[] | undefined) =>
    (told ?? []).map((each) => conditionDraft(each, fields.get(each.field)));
  const sources = plan.sources ?? [];
  return {
    ...newPlan(plan.seed),
    ...plan,
    features: plan.features.map((each) => ({ ...each })),
    working_group: plan.working_group.map((each) => ({
      name: each.name,
      task: each.task,
      affiliation: each.affiliation ?? "",
      orcid: each.orcid ?? "",
    })),
    keywords: (plan.keywords ?? []).join(", "),
    language: plan.language ?? "ru, en",
    funding: plan.funding ?? "",
    conflicts_of_interest: plan.conflicts_of_interest ?? "",
    prohibited: Boolean(plan.special_prohibitions),
    special_prohibitions: plan.special_prohibitions ?? { ...EMPTY },
    modality: plan.modality ?? "DSC",
    organ: plan.organ ?? "SKIN",
    repeated: plan.repeated ?? false,
    kinds: plan.kinds ?? ["dermoscopic"],
    unit: plan.unit ?? "image",
    classes: plan.classes.map((each) => ({ ...each, units: textOf(each.units) })),
    verification: plan.verification ?? "medium",
    sources: sources.filter((each) => listed.has(each)),
    other_sources: sources.filter((each) => !listed.has(each)).join(", "),
    inclusion: conditions(plan.inclusion),
    non_inclusion: conditions(plan.non_inclusion),
    exclusion: conditions(plan.exclusion),
    units: textOf(plan.units),
    most_of_one_device: textOf(plan.most_of_one_device),
    splits: (plan.splits ?? []).map(({ name, share }) => ({ name, share: textOf(share) })),
    tested: Boolean(plan.test),
    test: plan.test
      ? {
          expected_auc: textOf(plan.test.expected_auc ?? 0.9),
          threshold_auc: textOf(plan.test.threshold_auc ?? 0.81),
          significance: textOf(plan.test.significance ?? 0.05),
        }
      : { ...USUAL_TEST },
  };
}

function conditionDraft(told: Condition, field: ConditionField | undefined): ConditionDraft {
  const values = Array.isArray(told.value)
    ? told.value.map(String)
    : told.value === null || told.value === undefined
      ? []
      : [String(told.value)];
  const choosing = field ? isChosen(field) : false;
  return {
    field: told.field,
    operator: told.operator,
    chosen: choosing ? values : [],
    typed: choosing ? "" : values.join(", "),
  };
}

/** Whether values of a field are ticked rather than typed. */
export function isChosen(field: ConditionField): boolean {
  return field.kind === "boolean" || field.choices.length > 0;
}

/**
 * The plan as the API takes it. What is typed wrongly is sent as it is typed: the API names each fault, and all of
 * them at once.
 */
export function planOf(
  draft: PlanDraft,
  fields: ReadonlyMap<string, ConditionField>,
): Record<string, unknown> {
  const { prohibited, other_sources, tested, ...told } = draft;
  const conditions = (drafts: ConditionDraft[]) =>
    drafts.map((each) => conditionOf(each, fields.get(each.field)));
  return {
    ...told,
    working_group: draft.working_group.map(({ name, task, affiliation, orcid }) => ({
      name,
      task,
      affiliation: affiliation.trim() || null,
      orcid: orcid.trim() || null,
    })),
    keywords: severalOf(draft.keywords),
    funding: draft.funding.trim() || null,
    conflicts_of_interest: draft.conflicts_of_interest.trim() || null,
    special_prohibitions: prohibited ? draft.special_prohibitions : null,
    classes: draft.classes.map((each) => ({ ...each, units: numberOrText(each.units) })),
    sources: [...draft.sources, ...severalOf(other_sources)],
    inclusion: conditions(draft.inclusion),
    non_inclusion: conditions(draft.non_inclusion),
    exclusion: conditions(draft.exclusion),
    units: numberOrText(draft.units),
    most_of_one_device: numberOrText(draft.most_of_one_device),
    splits: draft.splits.map(({ name, share }) => ({ name, share: numberOrText(share) })),
    test: tested
      ? {
          expected_auc: numberOrText(draft.test.expected_auc),
          threshold_auc: numberOrText(draft.test.threshold_auc),
          significance: numberOrText(draft.test.significance),
        }
      : null,
  };
}

function conditionOf(
  draft: ConditionDraft,
  field: ConditionField | undefined,
): Record<string, unknown> {
  const { operator } = draft;
  return { field: draft.field, operator, value: field ? valueIn(draft, field) : null };
}

function valueIn(draft: ConditionDraft, field: ConditionField): unknown {
  if (draft.operator === "is_recorded" || draft.operator === "is_not_recorded") return null;
  const several = draft.operator === "is" || draft.operator === "is_not";
  const values: unknown[] = isChosen(field)
    ? draft.chosen.map((each) => (field.kind === "boolean" ? each === "true" : each))
    : severalOf(draft.typed).map((each) =>
        field.kind === "integer" || field.kind === "number" ? numberOrText(each) : each,
      );
  if (several && values.length > 1) return values;
  return values[0] ?? null;
}

/** A number as people write it, with a comma or a point; the text itself where it is none; null where it is empty. */
export function numberOrText(typed: string): number | string | null {
  const text = typed.trim().replaceAll(/[\s\u00a0]/g, "");
  if (!text) return null;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : typed;
}

function severalOf(typed: string): string[] {
  return typed
    .split(/[,;\n]/)
    .map((each) => each.trim())
    .filter(Boolean);
}

function textOf(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}
