/** A dataset's public page: what it is, what is in it, how it came about, on what terms and where to get it. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { Labels } from "../../api/contract";
import { Page } from "../../app/page";
import { labelOf, language } from "../../language";
import { day } from "../../language/format";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { Balance, ClassBalance } from "../selection/balance";
import { Flow } from "../selection/flow";
import { Facts } from "./facts";
import { Files } from "./files";
import { Badge } from "./list";
import { entryQuery } from "./queries";
import { type EntryPage, type Told, toldOf } from "./shapes";
import { Versions } from "./versions";
import "../../styles/parts.css";
import "../words";
import "./registry.css";

export function RegistryEntryPage() {
  const { t } = useTranslation("datasets");
  const { code = "" } = useParams();
  const found = useQuery(entryQuery(code));
  if (found.isPending) return <Skeleton rows={8} />;
  if (!found.data) return <Failure error={found.error} retry={() => found.refetch()} />;
  const entry = found.data;
  const told = toldOf(entry.page);
  return (
    <Page
      title={labelOf(entry.name)}
      above={<Link to="/registry">{t("registry.back")}</Link>}
      aside={<Badge entry={entry} />}
    >
      <Warning entry={entry} />
      <div className="entry-page">
        <div>
          {told?.abstract && <p className="lead">{labelOf(told.abstract)}</p>}
          {!told && <p className="notice">{t("registry.hidden")}</p>}
          <Part title={t("registry.classes")}>
            <ClassBalance
              counts={Object.fromEntries(entry.classes.map((each) => [each.key, each.units]))}
              classes={entry.classes.map((each) => ({
                key: each.key,
                title: [labelOf(each.title), each.icd10.join(", ")].filter(Boolean).join(" · "),
              }))}
            />
          </Part>
          {told && <About entry={entry} told={told} />}
        </div>
        <div>
          <Facts entry={entry} />
          {entry.access !== "hidden" && entry.state !== "taken_down" && <Files entry={entry} />}
          {told && <Citation entry={entry} authors={told.authors} />}
          <Versions entry={entry} />
        </div>
      </div>
    </Page>
  );
}

function Warning({ entry }: { entry: EntryPage }) {
  const { t } = useTranslation("datasets");
  const version = entry.versions.find((each) => each.version === entry.version);
  if (entry.state === "taken_down") {
    const date = version?.taken_down_at ? day(version.taken_down_at) : "";
    return <p className="failure">{t("registry.takenDown", { date })}</p>;
  }
  if (!version?.deprecated) return null;
  const { reason, use } = version.deprecated;
  return (
    <p className="failure">
      {t("registry.deprecated", { reason })} {use && t("registry.useInstead", { version: use })}
    </p>
  );
}

function About({ entry, told }: { entry: EntryPage; told: Told }) {
  const { t } = useTranslation("datasets");
  const titles = entry.classes.map((each) => ({ key: each.key, title: labelOf(each.title) }));
  return (
    <>
      <Part title={t("registry.about")}>
        <Passage title={t("registry.task")} text={told.task} />
        <Passage title={t("registry.use")} text={told.use} />
        <Sentences title={t("registry.features")} said={told.features} />
      </Part>
      <Part title={t("registry.criteria")}>
        {told.inclusion.length + told.nonInclusion.length + told.exclusion.length === 0 && (
          <p>{t("registry.noCriteria")}</p>
        )}
        <Sentences title={t("registry.inclusion")} said={told.inclusion} />
        <Sentences title={t("registry.nonInclusion")} said={told.nonInclusion} />
        <Sentences title={t("registry.exclusion")} said={told.exclusion} />
      </Part>
      {told.flow.length > 0 && (
        <Part title={t("registry.selection")}>
          <Flow steps={told.flow} />
        </Part>
      )}
      {told.counts && (
        <Part title={t("registry.composition")}>
          <Balance counts={told.counts} classes={titles} />
        </Part>
      )}
      <Part title={t("registry.terms")}>
        <p>{t("registry.never")}</p>
        <Passage title={t("registry.prohibitions")} text={told.prohibitions} />
        <Passage title={t("registry.security")} text={told.security} />
        <Passage title={t("registry.funding")} text={told.funding} />
        <Passage
          title={t("registry.conflicts")}
          text={told.conflicts || t("registry.noConflicts")}
        />
      </Part>
    </>
  );
}

function Citation({ entry, authors }: { entry: EntryPage; authors: readonly string[] }) {
  const { t } = useTranslation("datasets");
  const cited = t("registry.citation", {
    authors: authors.join(", "),
    name: entry.name[language()],
    version: entry.version,
    year: (entry.published_at ?? "").slice(0, 4),
    code: entry.code,
    link: `${location.origin}/registry/${entry.code}`,
  });
  return (
    <Part title={t("registry.cite")}>
      <blockquote className="cited">{cited}</blockquote>
    </Part>
  );
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="part">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Passage({ title, text }: { title: string; text: Labels | string | null }) {
  if (!text) return null;
  return (
    <>
      <h3>{title}</h3>
      <p className="measure">{typeof text === "string" ? text : labelOf(text)}</p>
    </>
  );
}

function Sentences({ title, said }: { title: string; said: readonly Labels[] }) {
  if (said.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="bullets">
        {said.map((each) => (
          <li key={each.en}>{labelOf(each)}</li>
        ))}
      </ul>
    </>
  );
}
