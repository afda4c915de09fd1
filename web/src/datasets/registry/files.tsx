/** A published version's files: of a public set for anybody, of a controlled one for whoever has a key. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../../api/errors";
import { CopyText } from "../../ui/copy";
import { Failure } from "../../ui/failure";
import { FileTable } from "./file-table";
import { download } from "./queries";
import type { EntryPage, ReleaseFile } from "./shapes";

export function Files({ entry }: { entry: EntryPage }) {
  const { t } = useTranslation("datasets");
  const { t: common } = useTranslation();
  const controlled = entry.access === "controlled";
  const [grant, setGrant] = useState("");
  const [files, setFiles] = useState<readonly ReleaseFile[]>([]);
  const getting = useMutation({
    mutationFn: (cursor?: string) =>
      download({
        code: entry.code,
        version: entry.version,
        ...(controlled && { grant: grant.trim() }),
        ...(cursor && { cursor }),
      }),
    onSuccess: (page, cursor) =>
      setFiles((before) => (cursor ? [...before, ...page.files] : page.files)),
  });
  const next = getting.data?.next;
  const wrongKey = controlled && getting.error instanceof Refusal && getting.error.status === 404;
  return (
    <section className="part">
      <h2>{t("registry.files")}</h2>
      <p className="hint">{t(controlled ? "registry.controlled" : "registry.getFilesWhy")}</p>
      <form
        className="actions"
        onSubmit={(event) => {
          event.preventDefault();
          getting.mutate(undefined);
        }}
      >
        {controlled && (
          <label className="field">
            <span>{t("registry.grant")}</span>
            <input
              value={grant}
              required
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setGrant(event.target.value)}
            />
          </label>
        )}
        <button type="submit" className="primary" disabled={getting.isPending}>
          {t("registry.getFiles")}
        </button>
      </form>
      {wrongKey && (
        <p className="failure" role="alert">
          {t("registry.noAccess")}
        </p>
      )}
      {getting.isError && !wrongKey && <Failure error={getting.error} />}
      {files.length > 0 && <FileTable files={files} />}
      {next && (
        <button type="button" disabled={getting.isPending} onClick={() => getting.mutate(next)}>
          {common("showMore")}
        </button>
      )}
      <h3>{t("registry.command")}</h3>
      <CopyText
        label={t("registry.command")}
        text={`python -m client.datasets fetch ${entry.code} --version ${entry.version} --server ${location.origin}${controlled ? " --grant-file FILE" : ""}`}
      />
      <p className="hint">{t("registry.commandWhy")}</p>
    </section>
  );
}
