/** One result: what was found, what was corrected, its report, and taking it back. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../../api/client";
import { useClassName } from "../../images/opinion";
import { amount } from "../../images/quantity";
import { day, moment } from "../../language/format";
import { Confirm } from "../../ui/confirm";
import { type Histology, histologyChanged } from "../queries";
import { Correction } from "./entry";
import { useReportField } from "./fields";
import { ReportFile } from "./report";

interface Shown {
  lesionId: string;
  result: Histology;
  /** Whether it is the one that labels the lesion. */
  stands: boolean;
}

export function Result({ lesionId, result, stands }: Shown) {
  const { t } = useTranslation("follow_up");
  const nameOf = useClassName();
  const [correcting, setCorrecting] = useState(false);
  const [taking, setTaking] = useState(false);
  const { diagnosis, taken_back: back } = result;
  const name = diagnosis === "unknown" ? t("histology.unknown") : nameOf(diagnosis);
  return (
    <article className={back ? "result taken-back" : "result"} aria-label={name}>
      <header>
        <h3>{name}</h3>
        <p className="hint">
          {day(result.reported_on)}
          {result.icd10 && ` · ${result.icd10}`}
          {stands && ` · ${t("histology.stands")}`}
          {back && ` · ${t("histology.takenBack")}`}
        </p>
      </header>
      {back ? (
        <p>{t("histology.takenBackWhy", { at: moment(back.at), reason: back.reason })}</p>
      ) : (
        <Facts result={result} />
      )}
      {!back && <ReportFile lesionId={lesionId} result={result} />}
      <Corrections result={result} />
      {!back && !correcting && (
        <div className="actions">
          <button type="button" onClick={() => setCorrecting(true)}>
            {t("histology.correct")}
          </button>
          <button type="button" className="quiet" onClick={() => setTaking(true)}>
            {t("histology.takeBack")}
          </button>
        </div>
      )}
      {correcting && (
        <Correction lesionId={lesionId} result={result} close={() => setCorrecting(false)} />
      )}
      {taking && <TakingBack lesionId={lesionId} result={result} close={() => setTaking(false)} />}
    </article>
  );
}

function Facts({ result }: { result: Histology }) {
  const facts = useFacts()(result);
  if (facts.length === 0) return null;
  return (
    <dl className="facts">
      {facts.map(([name, said]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{said}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What a report says beyond the diagnosis, as names and words. */
export function useFacts(): (result: Histology) => [string, string][] {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const fields = {
    method: useReportField("method"),
    margins: useReportField("margins"),
    clark_level: useReportField("clark_level"),
    pt_stage: useReportField("pt_stage"),
  };
  const word = (of: keyof typeof fields, key: string): [string, string] => {
    const { label, choices } = fields[of];
    return [label, choices.find((each) => each.key === key)?.label ?? key];
  };
  return (result) => {
    const facts: [string, string][] = [];
    if (result.method) facts.push(word("method", result.method));
    if (result.margins) facts.push(word("margins", result.margins));
    if (result.breslow_mm !== null) {
      facts.push([t("histology.breslowShort"), amount(result.breslow_mm, 2, t("unit.mm"))]);
    }
    if (result.clark_level) facts.push(word("clark_level", result.clark_level));
    if (result.pt_stage) facts.push(word("pt_stage", result.pt_stage));
    if (result.ulceration !== null) {
      facts.push([t("histology.ulceration"), common(result.ulceration ? "yes" : "no")]);
    }
    if (result.mitotic_rate !== null) {
      facts.push([t("histology.mitoses"), String(result.mitotic_rate)]);
    }
    return facts;
  };
}

function Corrections({ result }: { result: Histology }) {
  const { t } = useTranslation("follow_up");
  const was = useWas();
  if (result.history.length === 0) return null;
  return (
    <details>
      <summary>{t("histology.corrections", { number: result.history.length })}</summary>
      <ol className="history">
        {result.history.map((each) => (
          <li key={each.at}>
            <span>
              {each.reason}
              <br />
              <small>{was(each.was)}</small>
            </span>
            <small>{moment(each.at)}</small>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** What stood there before a correction. */
function useWas(): (was: Readonly<Record<string, unknown>>) => string {
  const { t } = useTranslation("follow_up");
  const nameOf = useClassName();
  const said = (value: unknown) =>
    value === null || value === undefined
      ? t("histology.nothing")
      : typeof value === "string"
        ? nameOf(value)
        : String(value);
  return (was) =>
    t("histology.was", {
      values: Object.entries(was)
        .map(([field, value]) => `${t(`histology.field.${fieldOf(field)}`)}: ${said(value)}`)
        .join("; "),
    });
}

const NAMED = [
  "diagnosis",
  "reported_on",
  "icd10",
  "method",
  "margins",
  "breslow_mm",
  "clark_level",
  "ulceration",
  "mitotic_rate",
  "pt_stage",
] as const;

function fieldOf(name: string): (typeof NAMED)[number] | "other" {
  return NAMED.find((each) => each === name) ?? "other";
}

interface Asked {
  lesionId: string;
  result: Histology;
  close: () => void;
}

function TakingBack({ lesionId, result, close }: Asked) {
  const { t } = useTranslation("follow_up");
  const kept = useQueryClient();
  const [reason, setReason] = useState("");
  return (
    <Confirm
      title={t("histology.takeBackTitle")}
      act={t("histology.takeBack")}
      close={close}
      blocked={reason.trim() === ""}
      perform={async () => {
        await ask(`/histology/${encodeURIComponent(result.histology_id)}`, {
          method: "DELETE",
          body: { reason: reason.trim() },
        });
        await histologyChanged(kept, lesionId);
      }}
    >
      <p>{t("histology.takeBackMeans")}</p>
      <label className="labelled">
        {t("histology.reason")}
        <input value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
      </label>
    </Confirm>
  );
}
