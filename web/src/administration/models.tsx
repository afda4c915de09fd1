/** The models: which one answers, what each was measured to do, and how far stored images have been read again. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import { Page } from "../app/page";
import { useClassName } from "../images/opinion";
import { labelOf, language } from "../language";
import { day, moment } from "../language/format";
import { Confirm } from "../ui/confirm";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { modelsQuery } from "./queries";
import type { Measured, Model, Models } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./administration.css";

export function ModelsPage() {
  const { t } = useTranslation("administration");
  const query = useQuery(modelsQuery);
  return (
    <Page title={t("models.title")}>
      {query.isPending && <Skeleton />}
      {query.isError && !query.data && (
        <Failure error={query.error} retry={() => query.refetch()} />
      )}
      {query.data && <Shown models={query.data} />}
    </Page>
  );
}

function Shown({ models }: { models: Models }) {
  const { t } = useTranslation("administration");
  const [activating, setActivating] = useState<Model | null>(null);
  if (models.items.length === 0) {
    return (
      <Empty title={t("models.empty")}>
        <p>{t("models.emptyWhy")}</p>
      </Empty>
    );
  }
  return (
    <>
      <Rereading models={models} />
      {models.items.map((model) => (
        <Card key={model.file} model={model} activate={() => setActivating(model)} />
      ))}
      {models.history.length > 0 && (
        <details>
          <summary>{t("models.history")}</summary>
          <ol className="history">
            {models.history.map(({ file, at }) => (
              <li key={`${file} ${at}`}>
                <code>{file}</code> <small>{moment(at)}</small>
              </li>
            ))}
          </ol>
        </details>
      )}
      {activating && <Activate model={activating} close={() => setActivating(null)} />}
    </>
  );
}

function Rereading({ models }: { models: Models }) {
  const { t } = useTranslation("administration");
  const { rereading } = models;
  if (!rereading) return null;
  const figures = {
    formed: rereading.formed,
    restored: rereading.restored,
    failed: rereading.failed,
  };
  return (
    <section className="notice" role="status">
      <p>
        {rereading.finished_at
          ? t("models.reread", { ...figures, moment: moment(rereading.finished_at) })
          : t("models.rereading", figures)}
      </p>
      {!rereading.finished_at && (
        <progress
          value={rereading.clinics_done}
          max={Math.max(rereading.clinics, 1)}
          aria-label={t("models.rereadingProgress")}
        />
      )}
    </section>
  );
}

function Card({ model, activate }: { model: Model; activate: () => void }) {
  const { t } = useTranslation("administration");
  const nameOf = useClassName();
  const { admission } = model;
  return (
    <article className="model">
      <header className="page-head">
        <h2>
          {model.name} {model.version}
          {model.active && <span className="mark">{t("models.active")}</span>}
        </h2>
        {model.can_be_activated && !model.active && (
          <button type="button" onClick={activate}>
            {t("models.activate")}
          </button>
        )}
      </header>
      {/* A card's own words are English. */}
      {model.summary && (
        <p className="measure" lang="en">
          {model.summary}
        </p>
      )}
      <dl className="facts">
        <Fact name={t("models.registered")}>{moment(model.registered_at)}</Fact>
        {model.date && <Fact name={t("models.made")}>{day(model.date)}</Fact>}
        <Fact name={t("models.deployed")}>
          {t(model.deployed ? "models.deployedYes" : "models.deployedNo")}
        </Fact>
        <Fact name={t("models.admission")}>
          {admission
            ? t("models.admitted", {
                test: admission.test,
                dataset: admission.dataset,
                version: admission.version,
                units: admission.units,
              })
            : t("models.notAdmitted")}
        </Fact>
        {admission && <Fact name="AUC">{measured(admission.auc)}</Fact>}
        <Fact name={t("models.classes")}>{model.classes.map(nameOf).join(", ")}</Fact>
        <Fact name={t("models.trainedOn")}>
          <span lang="en">{model.trained_on.join("; ") || "—"}</span>
        </Fact>
        {model.licence && (
          <Fact name={t("models.licence")}>
            <span lang="en">{Object.values(model.licence).join(" · ")}</span>
          </Fact>
        )}
        <Fact name="SHA-256">
          <code>{model.sha256}</code>
        </Fact>
      </dl>
      {admission && admission.reasons.length > 0 && (
        <ul className="reasons">
          {admission.reasons.map((reason) => (
            <li key={reason.en}>{labelOf(reason)}</li>
          ))}
        </ul>
      )}
      <Metrics model={model} />
    </article>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Of its card: lesions that it never saw in training. */
function Metrics({ model }: { model: Model }) {
  const { t } = useTranslation("administration");
  const shown = Object.entries(model.metrics).filter(([, value]) => value !== null);
  if (shown.length === 0) return null;
  return (
    <details>
      <summary>{t("models.metrics")}</summary>
      <table className="list">
        <tbody>
          {shown.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{typeof value === "object" && value ? measured(value) : number(value ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Activate({ model, close }: { model: Model; close: () => void }) {
  const { t } = useTranslation("administration");
  const kept = useQueryClient();
  const path = `/models/${encodeURIComponent(model.name)}/${encodeURIComponent(model.version)}`;
  return (
    <Confirm
      title={t("models.activateOf", { name: model.name, version: model.version })}
      act={t("models.activate")}
      close={close}
      perform={async () => {
        const now = await ask<Models>(`${path}/activate`, { method: "POST" });
        kept.setQueryData(modelsQuery.queryKey, now);
      }}
    >
      <p>{t("models.activateWhy")}</p>
    </Confirm>
  );
}

function measured({ value, low, high }: Measured): string {
  return `${number(value)} (${number(low)}–${number(high)})`;
}

function number(value: number): string {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 3 }).format(value);
}
