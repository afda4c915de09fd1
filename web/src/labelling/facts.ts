/** What is known of an image, as one reads it. */
import { useTranslation } from "react-i18next";
import { counted } from "../language/format";
import { useChoiceName } from "../patients/words";
import type { Assignment } from "./queries";

/** Site, age and sex, and how it was taken. */
export function useFacts(): (item: Assignment) => {
  site: string;
  person: string;
  kind: string;
} {
  const { t } = useTranslation();
  const { t: own } = useTranslation("reading");
  const nameOf = useChoiceName();
  return ({ site, age, sex, kind }) => ({
    site: site ? nameOf("site", site) : own("noSite"),
    person: [
      typeof age === "number" ? counted(age, t("years", { returnObjects: true })) : own("noAge"),
      (sex ? t(`sex.${sex}`) : own("noSex")).toLocaleLowerCase(),
    ].join(", "),
    kind: t(`kind.${kind}`),
  });
}
