/** How the plan came about: its revisions, and what each one changed. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { labelOf } from "../../language";
import { moment } from "../../language/format";
import { Failure } from "../../ui/failure";
import { Scrolled } from "../../ui/scrolled";
import { Skeleton } from "../../ui/skeleton";
import { type Dataset, revisionQuery } from "../queries";
import { changesBetween } from "./changes";
import type { Plan } from "./fields";

export function PlanHistory({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const [opened, open] = useState<number | null>(null);
  const revisions = [...dataset.history].reverse();
  return (
    <ol className="rows">
      {revisions.map((each) => (
        <li key={each.revision} className="history-row">
          <strong>{t("plan.revision", { revision: each.revision })}</strong>
          <span>{moment(each.at)}</span>
          {each.revision === dataset.revision && <small>{t("plan.current")}</small>}
          {each.revision > 1 ? (
            <button
              type="button"
              className="link"
              aria-expanded={opened === each.revision}
              onClick={() => open(opened === each.revision ? null : each.revision)}
            >
              {t("plan.compare")}
            </button>
          ) : (
            <small>{t("plan.firstRevision")}</small>
          )}
          {opened === each.revision && <Changes code={dataset.code} revision={each.revision} />}
        </li>
      ))}
    </ol>
  );
}

/** What the form calls the fields of a plan. */
const WORDS = {
  name: "name",
  abstract: "abstract",
  clinical_task: "clinicalTask",
  clinical_use: "clinicalUse",
  data_security: "dataSecurity",
  features: "features",
  working_group: "group",
  keywords: "keywords",
  language: "language",
  funding: "funding",
  conflicts_of_interest: "conflicts",
  special_prohibitions: "prohibitions",
  purpose: "purpose",
  access: "access",
  licence: "licence",
  modality: "modality",
  organ: "organ",
  target: "target",
  repeated: "repeated",
  kinds: "kinds",
  unit: "unit",
  classes: "classList",
  verification: "verification",
  sources: "sources",
  inclusion: "inclusion",
  non_inclusion: "nonInclusion",
  exclusion: "exclusion",
  units: "number",
  most_of_one_device: "mostOfOneDevice",
  splits: "splits",
  test: "test",
  seed: "seed",
} as const satisfies Record<keyof Plan, string>;
const WORD_OF: Readonly<Record<string, (typeof WORDS)[keyof Plan] | undefined>> = WORDS;

function Changes({ code, revision }: { code: string; revision: number }) {
  const { t } = useTranslation("datasets");
  const after = useQuery(revisionQuery(code, revision));
  const before = useQuery(revisionQuery(code, revision - 1));
  const error = after.error ?? before.error;
  if (error) return <Failure error={error} />;
  if (!after.data || !before.data) return <Skeleton rows={2} />;
  const changed = changesBetween(before.data.plan, after.data.plan);
  if (changed.length === 0) return <p>{t("plan.nothingChanged")}</p>;
  const explained = { before: before.data.explained, after: after.data.explained };
  const nameOf = (path: string) => {
    const [first = "", ...rest] = path.split(".");
    const word = WORD_OF[first];
    return [word ? t(`plan.${word}`) : first, ...rest].join(" · ");
  };
  const sentences = (of: "before" | "after", field: string) => {
    const told = explained[of];
    const found =
      field === "inclusion"
        ? told.inclusion
        : field === "non_inclusion"
          ? told.non_inclusion
          : field === "exclusion"
            ? told.exclusion
            : null;
    return found?.map(labelOf).join("; ");
  };
  return (
    <div className="history-changes">
      <Scrolled name={t("plan.compare")}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("plan.field")}</th>
              <th scope="col">{t("plan.was")}</th>
              <th scope="col">{t("plan.became")}</th>
            </tr>
          </thead>
          <tbody>
            {changed.map(({ field, was, became }) => (
              <tr key={field}>
                <th scope="row">{nameOf(field)}</th>
                <td>{sentences("before", field) || was || t("plan.nothing")}</td>
                <td>{sentences("after", field) || became || t("plan.nothing")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </div>
  );
}
