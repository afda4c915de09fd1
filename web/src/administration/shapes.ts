/** The API's shapes that only the administrator's pages use. */
import type { Schemas } from "../api/contract";

export type AccountLine = Schemas["AccountAnswer"];
export type AccountDetail = Schemas["AccountDetail"];
export type AccountForm = Schemas["AccountForm"];
export type AccountChange = Schemas["AccountChange"];
export type Opened = Schemas["OpenedAnswer"];
export type Clinic = Schemas["ClinicAnswer"];
export type ClinicForm = Schemas["ClinicForm"];
export type AuditRecord = Schemas["RecordAnswer"];
export type Chain = Schemas["ChainAnswer"];
export type Models = Schemas["ModelsAnswer"];
export type Model = Schemas["ModelAnswer"];
export type Measured = Schemas["ModelMeasured"];
export type DeadQueue = Schemas["LaidAnswer"];
export type Letter = Schemas["LetterAnswer"];
export type SentAgain = Schemas["SentAgain"];
export type Webhook = Schemas["WebhookAnswer"];
export type WebhookView = Schemas["WebhookView"];
export type WebhookForm = Schemas["WebhookForm"];
export type Registered = Schemas["RegisteredAnswer"];
export type NewSecret = Schemas["SecretAnswer"];
export type Happening = Schemas["Happening"];
