/** Which hidden sets a test may be taken on. */
import type { HiddenSet, Test } from "../queries";

/** What the codes of sets begin with: calibration sets are coded CT, though their test is called KlT. */
const CODED: Readonly<Record<Test, string>> = {
  "FT-I": "DS_FT-I_",
  "FT-II": "DS_FT-II_",
  "KlT-I": "DS_CT-I_",
  "KlT-II": "DS_CT-II_",
};

export function isFor(set: Pick<HiddenSet, "code">, test: Test): boolean {
  return set.code.startsWith(CODED[test]);
}
