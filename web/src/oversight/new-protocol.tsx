/** A new version of what experts read by, written in both languages; it begins as the one in force. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type FieldPath, FormProvider, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ask } from "../api/client";
import { Refusal } from "../api/errors";
import { vocabulariesQuery } from "../api/queries";
import { Page } from "../app/page";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { newestFirst } from "./protocol";
import { type Draft, draftAfter, keep, kept, protocolOf } from "./protocol-draft";
import { BothField, Signs } from "./protocol-fields";
import { protocolsQuery } from "./queries";
import type { Protocol } from "./shapes";
import "./words";
import "../styles/parts.css";
import "./oversight.css";
import "./experts.css";

export function NewProtocolPage() {
  const { t } = useTranslation("oversight");
  const protocols = useQuery(protocolsQuery);
  const words = useQuery(vocabulariesQuery);
  const former = newestFirst(protocols.data?.items ?? [])[0];
  const classes = words.data?.classes.map(({ key }) => key);
  const failed = (protocols.isError && !protocols.data) || (words.isError && !words.data);
  return (
    <Page
      title={t("experts.form", { version: (former?.version ?? 0) + 1 })}
      above={<Link to="/experts/protocol">← {t("experts.backToProtocol")}</Link>}
    >
      {failed && (
        <Failure
          error={protocols.error ?? words.error}
          retry={() => Promise.all([protocols.refetch(), words.refetch()])}
        />
      )}
      {!failed && (!former || !classes) && <Skeleton />}
      {former && classes && <VersionForm key={former.version} former={former} classes={classes} />}
    </Page>
  );
}

function VersionForm({ former, classes }: { former: Protocol; classes: readonly string[] }) {
  const { t } = useTranslation("oversight");
  const go = useNavigate();
  const queries = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const after = former.version;
  const form = useForm<Draft>({ defaultValues: kept(after, draftAfter(former, classes)) });
  const { subscribe, getValues } = form;
  useEffect(
    () => subscribe({ formState: { values: true }, callback: () => keep(after, getValues()) }),
    [subscribe, getValues, after],
  );
  const publish = form.handleSubmit(async (draft) => {
    setFailure(null);
    try {
      const body = protocolOf(draft, after);
      await ask<Protocol>("/labelling/protocols", { method: "POST", body });
      keep(after, null);
      await queries.invalidateQueries(protocolsQuery);
      await go("/experts/protocol");
    } catch (error) {
      const told = error instanceof Refusal ? Object.entries(error.fields) : [];
      for (const [path, message] of told) form.setError(fieldOf(path), { message });
      setFailure(error);
    }
  });
  return (
    <FormProvider {...form}>
      <form className="protocol-form" noValidate onSubmit={(event) => void publish(event)}>
        <p className="measure hint">{t("experts.formWhy")}</p>
        <BothField name="changes" label={t("experts.changes")} rows={3} />
        <BothField name="title" label={t("experts.name")} rows={1} />
        <BothField name="instruction" label={t("experts.instruction")} rows={12} />
        <h2>{t("experts.signs")}</h2>
        {classes.map((key) => (
          <Signs key={key} of={key} />
        ))}
        {failure !== null && <Failure error={failure} />}
        <div className="actions">
          <button type="submit" className="primary" disabled={form.formState.isSubmitting}>
            {t("experts.publish", { version: after + 1 })}
          </button>
        </div>
      </form>
    </FormProvider>
  );
}

/** Where the form shows what the API says of a field: all examples of a class are one field here. */
export function fieldOf(path: string): FieldPath<Draft> {
  return path.replace(/^(examples\.[a-z_]+)\.\d+$/, "$1") as FieldPath<Draft>;
}
