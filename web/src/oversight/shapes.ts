/** The API's shapes that this part alone uses, by their names here. */
import type { Schemas } from "../api/contract";

export type Agreement = Schemas["AgreementAnswer"];
export type Case = Schemas["CaseAnswer"];
export type CaseBrief = Schemas["CaseBrief"];
export type CaseReading = Schemas["CaseReading"];
export type CaseState = Schemas["CaseState"];
export type ConfusedPair = Schemas["ConfusedPair"];
export type ExpertFigures = Schemas["ExpertFigures"];
export type Figure = Schemas["Figure"];
export type Share = Schemas["Share"];
export type Reader = Schemas["ReaderAnswer"];
export type ReaderPlan = Schemas["ReaderPlan"];
export type Protocol = Schemas["ProtocolAnswer"];
export type NewProtocol = Schemas["ProtocolForm"];
export type Verdict = Schemas["VerdictAnswer"];
export type Duplicate = Schemas["DuplicateAnswer"];
export type DuplicatesPage = Schemas["DuplicatesAnswer"];
export type Decision = Schemas["Decision"];
export type Gallery = Schemas["GalleryAnswer"];
export type WaitingImage = Schemas["WaitingImage"];
export type NewLook = Schemas["LookForm"];
export type LooksNoted = Schemas["LooksAnswer"];
export type DatasetLine = Schemas["DatasetLine"];
export type Import = Schemas["ImportAnswer"];
export type NewImport = Schemas["ImportForm"];
export type ImportedImage = Schemas["ImportedImageAnswer"];

export type Points = readonly (readonly [number, number])[];
export type Site = Schemas["Site"];
export type Gold = Schemas["GoldAnswer"];
export type Overview = Schemas["OverviewAnswer"];
export type Attention = Schemas["Attention"];
