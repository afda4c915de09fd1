/** The registry's fields of a dataset, as the method of planning asks for them. */
import { useTranslation } from "react-i18next";
import { day, megabytes } from "../../language/format";
import { whole } from "../../plots/numbers";
import { capital, useName } from "../names";
import type { EntryPage } from "./shapes";

const LICENCE_TEXTS: Readonly<Record<string, string>> = {
  "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
  "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
  "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
  "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
};

export function Facts({ entry }: { entry: EntryPage }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const address = LICENCE_TEXTS[entry.licence];
  const facts: [string, React.ReactNode][] = [
    [t("registry.code"), <code key="code">{entry.code}</code>],
    [t("registry.unitsCount"), whole(entry.units)],
    [t("registry.unit"), capital(nameOf("unit", entry.unit))],
    [t("registry.size"), megabytes(entry.bytes)],
    [t("registry.purpose"), capital(nameOf("purpose", entry.purpose))],
    [t("registry.verification"), capital(nameOf("verification", entry.verification))],
    [
      t("registry.subject"),
      `${capital(nameOf("modality", entry.modality))}, ${entry.organ}, ${entry.target}`,
    ],
    [t("registry.icd10"), entry.icd10.join(", ") || "—"],
    [
      t("registry.licence"),
      <>
        {address ? (
          <a href={address} rel="license noreferrer">
            {entry.licence}
          </a>
        ) : (
          entry.licence
        )}
        <small className="fact-note">{nameOf("licence", entry.licence)}</small>
      </>,
    ],
    [t("registry.published"), entry.published_at ? day(entry.published_at) : "—"],
    [t("registry.keywords"), entry.keywords.join(", ") || "—"],
    [t("registry.link"), <code key="link">{`${location.origin}/registry/${entry.code}`}</code>],
  ];
  return (
    <section className="part">
      <h2>
        {t("registry.number", { number: entry.number })},{" "}
        {t("registry.version", { version: entry.version })}
      </h2>
      <dl className="fact-list">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
