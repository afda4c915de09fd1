/** How a survey is named in an address of the pages. */
import type { Survey } from "../api/contract";

/** A dot in an address means a file to whoever serves the pages: a survey's id has one, this has none. */
export function surveyKey({ survey_id: id }: Pick<Survey, "survey_id">): string {
  return id.slice(id.lastIndexOf(".") + 1);
}
