/** The API's shapes by their names here; made from the committed OpenAPI document. */
import type { components } from "./schema";

/** Parts name what they alone use themselves: `type Plan = Schemas["Plan"]`. */
export type Schemas = components["schemas"];

export type Config = Schemas["Config"];
export type Account = Schemas["OwnAccount"];
export type Role = Schemas["Role"];
export type Vocabularies = Schemas["Vocabularies"];
export type Field = Schemas["FieldAnswer"];
export type Choice = Schemas["ChoiceAnswer"];
export type Labels = Schemas["Labels"];
export type NewSurvey = Schemas["NewSurvey"];
export type SurveyRecorded = Schemas["SurveyRecorded"];
export type Survey = Schemas["SurveyAnswer"];
export type PatientSummary = Schemas["PatientSummary"];
export type Patient = Schemas["PatientAnswer"];
export type PatientFound = Schemas["PatientFound"];
export type Lesion = Schemas["LesionAnswer"];
export type Sex = Schemas["Sex"];
export type Site = Schemas["Site"];
export type Kind = Schemas["Kind"];
export type ImageForm = Schemas["ImageForm"];
export type ImageSlot = Schemas["ImageSlot"];
export type Image = Schemas["ImageAnswer"];
export type State = Image["state"];
export type Classification = Schemas["Classification"];
export type SaliencyMap = Schemas["SaliencyMap"];

export interface Listing<Item> {
  items: Item[];
  next: string | null;
}

/** Whom the clinic already knows under a patient code; comes with a `same_person` refusal. */
export interface Candidate {
  patient_id: string;
  sex: Sex;
  birth_year: number;
  last_visit: string | null;
}
