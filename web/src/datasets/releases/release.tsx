/** One release: how far it is, what changed in it, its files, and the end of its being recommended. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Page } from "../../app/page";
import { day, megabytes, moment } from "../../language/format";
import { whole } from "../../plots/numbers";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { capital, useName } from "../names";
import { type ReleaseView, releaseQuery, UNFINISHED } from "../queries";
import { FileTable } from "../registry/file-table";
import { Deprecate } from "./deprecate";
import { Steps } from "./steps";
import "../../styles/parts.css";
import "../words";
import "../registry/registry.css";
import "./releases.css";

const FILES_SHOWN = 200;

export function ReleasePage() {
  const { t } = useTranslation("datasets");
  const { code = "", releaseId = "" } = useParams();
  const found = useQuery(releaseQuery(code, releaseId));
  if (found.isPending) return <Skeleton rows={6} />;
  if (!found.data) return <Failure error={found.error} retry={() => found.refetch()} />;
  const release = found.data;
  return (
    <Page
      title={
        release.version
          ? t("releases.release", { version: release.version })
          : t("releases.unnumbered")
      }
      above={
        <Link to={`/datasets/${code}?view=releases`}>
          {code}: {t("releases.title").toLocaleLowerCase()}
        </Link>
      }
      aside={<State release={release} />}
    >
      <Way release={release} />
      <section className="part">
        <h2>{t("releases.change")}</h2>
        <p className="measure">{release.change}</p>
      </section>
      <Facts release={release} />
      {release.state === "published" && <End release={release} />}
      {release.files.length > 0 && (
        <section className="part">
          <h2>{t("releases.files")}</h2>
          <p className="hint">{t("releases.filesWhy")}</p>
          <FileTable files={release.files} />
          {release.files.length >= FILES_SHOWN && (
            <p className="hint">{t("releases.filesMore", { number: FILES_SHOWN })}</p>
          )}
        </section>
      )}
    </Page>
  );
}

function State({ release }: { release: ReleaseView }) {
  const nameOf = useName();
  const warned = ["deprecated", "taken_down", "failed"].includes(release.state);
  return (
    <span className={warned ? "badge warned" : "badge"} role="status">
      {capital(nameOf("state", release.state))}
    </span>
  );
}

/** What stands between the request and the registry, or what became of it since. */
function Way({ release }: { release: ReleaseView }) {
  const { t } = useTranslation("datasets");
  if (UNFINISHED.includes(release.state)) {
    return (
      <section className="part">
        <h2>{t("releases.making")}</h2>
        <Steps release={release} />
        <p className="hint">{t("releases.madeWhy")}</p>
      </section>
    );
  }
  if (release.state === "failed") {
    return (
      <section className="failure">
        <h2>{t("releases.failedTitle")}</h2>
        <p>{release.problem}</p>
        <p>{t("releases.failedWhy")}</p>
      </section>
    );
  }
  if (release.taken_down_at) {
    return (
      <p className="failure">{t("releases.takenDown", { date: day(release.taken_down_at) })}</p>
    );
  }
  if (!release.deprecated) return null;
  const { at, reason, use } = release.deprecated;
  return (
    <p className="failure">
      {t("releases.deprecated", { date: day(at), reason })}{" "}
      {use && t("releases.useInstead", { version: use })}
    </p>
  );
}

function Facts({ release }: { release: ReleaseView }) {
  const { t } = useTranslation("datasets");
  const facts: [string, string][] = [
    [t("selection.units"), whole(release.units)],
    [t("registry.size"), megabytes(release.bytes)],
    [t("releases.requested"), moment(release.requested_at)],
    [t("releases.published"), release.published_at ? moment(release.published_at) : "—"],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function End({ release }: { release: ReleaseView }) {
  const { t } = useTranslation("datasets");
  const [asking, ask] = useState(false);
  return (
    <section className="part">
      <div className="actions">
        <Link className="button" to={`/registry/${release.code}`}>
          {t("releases.toRegistry")}
        </Link>
        <button type="button" onClick={() => ask(true)}>
          {t("releases.deprecate")}
        </button>
      </div>
      <p className="hint measure">{t("releases.takeDownWhy")}</p>
      {asking && <Deprecate release={release} close={() => ask(false)} />}
    </section>
  );
}
