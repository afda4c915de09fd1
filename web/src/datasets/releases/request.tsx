/** Asking for a release: which version it will be and why, and in one's own words what changes. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useRequestKeys } from "../../api/idempotency";
import { queryClient } from "../../api/queries";
import { labelOf } from "../../language";
import { Failure } from "../../ui/failure";
import { previewAnew } from "../plan/saving";
import { type Dataset, previewQuery, releasesQuery, requestRelease } from "../queries";
import { isFresh, type Selected, selectedOf } from "../selection/shapes";

export function RequestRelease({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const preview = useQuery(previewQuery(dataset.code)).data;
  const asking = useMutation({ mutationFn: () => previewAnew(dataset.code) });
  if (!preview) return null;
  const found = selectedOf(preview.result);
  const computing = preview.state === "computing";
  if (computing || !found || !isFresh(preview, dataset.releases) || preview.problem) {
    return (
      <section className="part">
        <h2>{t("releases.request")}</h2>
        {computing ? (
          <p role="status">{t("selection.computing")}</p>
        ) : preview.problem ? (
          <p className="failure">{labelOf(preview.problem)}</p>
        ) : (
          <p>
            {t(
              !found
                ? "releases.needsPreview"
                : preview.current
                  ? "selection.released"
                  : "releases.needsFresh",
            )}
          </p>
        )}
        {!computing && (
          <button type="button" disabled={asking.isPending} onClick={() => asking.mutate()}>
            {t(found ? "selection.askAgain" : "selection.ask")}
          </button>
        )}
      </section>
    );
  }
  return <Form dataset={dataset} found={found} />;
}

function Form({ dataset, found }: { dataset: Dataset; found: Selected }) {
  const { t } = useTranslation("datasets");
  const { t: common } = useTranslation();
  const { code } = dataset;
  const navigate = useNavigate();
  const field = useId();
  const [change, setChange] = useState("");
  const [missing, setMissing] = useState(false);
  const keyFor = useRequestKeys();
  const requesting = useMutation({
    mutationFn: () => {
      const wanted = [change.trim(), found.version] as const;
      return requestRelease(code, ...wanted, keyFor(wanted));
    },
    onSuccess: async ({ release_id }) => {
      await queryClient.invalidateQueries({ queryKey: releasesQuery(code).queryKey });
      void navigate(`/datasets/${code}/releases/${release_id}`);
    },
  });
  return (
    <form
      className="part request"
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(!change.trim());
        if (change.trim()) requesting.mutate();
      }}
    >
      <h2>{t("releases.request")}</h2>
      <p>
        <strong>
          {found.previous
            ? t("selection.versionAfter", { previous: found.previous, version: found.version })
            : t("selection.versionIs", { version: found.version })}
        </strong>{" "}
        {labelOf(found.difference.words)}
      </p>
      {found.waiting > 0 && (
        <p className="notice">
          {t("selection.waiting", { waiting: found.waiting })}{" "}
          <Link to={`/looks?dataset=${encodeURIComponent(code)}`}>{t("selection.look")}</Link>
        </p>
      )}
      <div className="field">
        <label htmlFor={field}>
          {t("releases.change")} <small>{t("releases.changeHint")}</small>
        </label>
        <textarea
          id={field}
          rows={3}
          maxLength={4000}
          value={change}
          aria-invalid={missing ? true : undefined}
          aria-describedby={`${field}-fault`}
          onChange={(event) => {
            setMissing(false);
            setChange(event.target.value);
          }}
        />
        <span id={`${field}-fault`} className="fault">
          {missing && t("releases.changeEmpty")}
        </span>
      </div>
      <p className="hint">{t("releases.sure")}</p>
      {requesting.isError && <Failure error={requesting.error} />}
      <div>
        <button type="submit" className="primary" disabled={requesting.isPending}>
          {requesting.isPending ? common("busy") : t("releases.submit", { version: found.version })}
        </button>
      </div>
    </form>
  );
}
