/** Why something asked of the system did not come about. */

/** The system refused, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** A sentence by the path of the field it is about. */
    readonly fields: Readonly<Record<string, string>>,
    readonly requestId: string,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** Nothing came back: no network, or nobody at the other end. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

/** 401, or the 403 by which a gateway's authorizer says the same. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof Refusal && (error.status === 401 || error.code === "unauthorized");
}

/** What an answer that is no success says; tolerant, because a proxy may have written it. */
export async function refusalOf(answer: Response): Promise<Refusal> {
  const body: unknown = await answer.json().catch(() => null);
  const said = isRecord(body) && isRecord(body.error) ? body.error : {};
  const { code, message, fields, request_id: requestId, ...details } = said;
  return new Refusal(
    answer.status,
    text(code) || `http_${answer.status}`,
    text(message),
    isRecord(fields) ? (fields as Record<string, string>) : {},
    text(requestId) || answer.headers.get("x-amzn-requestid") || "",
    details,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
