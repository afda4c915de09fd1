/** What experts read by: every version of the labelling protocol, the one in force first. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { vocabulariesQuery } from "../api/queries";
import { Page } from "../app/page";
import { useClassName } from "../images/opinion";
import { labelOf } from "../language";
import { moment } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { ExpertsParts } from "./experts-parts";
import { protocolsQuery } from "./queries";
import type { Protocol } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./oversight.css";
import "./experts.css";

export function ProtocolPage() {
  const { t } = useTranslation("oversight");
  const protocols = useQuery(protocolsQuery);
  return (
    <Page
      title={t("experts.protocol")}
      aside={
        <Link className="button primary" to="/experts/protocol/new">
          {t("experts.newVersion")}
        </Link>
      }
    >
      <ExpertsParts />
      {protocols.isPending && <Skeleton />}
      {protocols.isError && !protocols.data && (
        <Failure error={protocols.error} retry={() => protocols.refetch()} />
      )}
      {protocols.data && <Versions protocols={newestFirst(protocols.data.items)} />}
    </Page>
  );
}

export function newestFirst(protocols: readonly Protocol[]): Protocol[] {
  return [...protocols].sort((a, b) => b.version - a.version);
}

function Versions({ protocols }: { protocols: readonly Protocol[] }) {
  const { t } = useTranslation("oversight");
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = protocols.find(({ version }) => version === chosen) ?? protocols[0];
  if (!shown) return null;
  return (
    <>
      {protocols.length > 1 && (
        <fieldset className="choices">
          <legend>{t("experts.protocolVersions")}</legend>
          <div className="chips">
            {protocols.map(({ version }) => (
              <label key={version} className="chip">
                <input
                  type="radio"
                  name="version"
                  checked={shown.version === version}
                  onChange={() => setChosen(version)}
                />
                <span>{t("experts.version", { version })}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <Shown protocol={shown} current={shown === protocols[0]} />
    </>
  );
}

function Shown({ protocol, current }: { protocol: Protocol; current: boolean }) {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  const classes = useQuery(vocabulariesQuery).data?.classes ?? [];
  const published = protocol.published_at
    ? t("experts.publishedAt", { moment: moment(protocol.published_at) })
    : t("experts.shipped");
  return (
    <article className="protocol">
      <h2>{labelOf(protocol.title)}</h2>
      <p className="hint">
        {t("experts.version", { version: protocol.version })}, {published}
        {current && ` · ${t("experts.current")}`}
      </p>
      {protocol.changes && (
        <p>
          <strong>{t("experts.changes")}:</strong> {labelOf(protocol.changes)}
        </p>
      )}
      <p className="measure instruction">{labelOf(protocol.instruction)}</p>
      <h3>{t("experts.signs")}</h3>
      <dl className="signs">
        {classes.map(({ key }) => (
          <div key={key}>
            <dt>{nameOf(key)}</dt>
            <dd>
              <ul>
                {(protocol.signs[key] ?? []).map((sign) => (
                  <li key={sign.ru}>{labelOf(sign)}</li>
                ))}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
