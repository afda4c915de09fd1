/** What the plan selects now, asked for whenever the plan is saved; nothing is reserved by looking. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { labelOf } from "../../language";
import { counted, moment } from "../../language/format";
import { share } from "../../plots/numbers";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { previewAnew } from "../plan/saving";
import { type Dataset, type Preview, previewQuery } from "../queries";
import { Balance, ClassBalance } from "./balance";
import { Flow } from "./flow";
import { PowerPart } from "./power";
import { PrivacyPart } from "./privacy";
import { isFresh, type Selected, selectedOf } from "./shapes";
import { SplitsPart } from "./splits";

export function PreviewPanel({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const preview = useQuery(previewQuery(dataset.code));
  return (
    <section className="part" aria-label={t("selection.title")}>
      <h2>{t("selection.title")}</h2>
      {preview.isPending && <Skeleton rows={5} />}
      {preview.isError && !preview.data && (
        <Failure error={preview.error} retry={() => preview.refetch()} />
      )}
      {preview.data && <Told dataset={dataset} preview={preview.data} />}
    </section>
  );
}

function Told({ dataset, preview }: { dataset: Dataset; preview: Preview }) {
  const { t } = useTranslation("datasets");
  const asking = useMutation({ mutationFn: () => previewAnew(dataset.code) });
  const found = selectedOf(preview.result);
  const computing = preview.state === "computing";
  return (
    <>
      <div className="preview-state" role="status">
        {computing && (
          <>
            <progress aria-label={t("selection.computing")} />
            <p>{t("selection.computing")}</p>
          </>
        )}
        {preview.state === "not_asked" && <p>{t("selection.notAsked")}</p>}
        {preview.computed_at && (
          <p className="hint">
            {t("selection.computedAt", { moment: moment(preview.computed_at) })}
          </p>
        )}
      </div>
      {found && !computing && !isFresh(preview, dataset.releases) && (
        <p className="notice">{t(preview.current ? "selection.released" : "selection.old")}</p>
      )}
      {!computing && (
        <button type="button" disabled={asking.isPending} onClick={() => asking.mutate()}>
          {t(preview.state === "not_asked" ? "selection.ask" : "selection.askAgain")}
        </button>
      )}
      {preview.problem && !computing && (
        <section className="failure">
          <h3>{t("selection.failed")}</h3>
          <p>{labelOf(preview.problem)}</p>
        </section>
      )}
      {found && <Result dataset={dataset} found={found} />}
    </>
  );
}

function Result({ dataset, found }: { dataset: Dataset; found: Selected }) {
  const { t } = useTranslation("datasets");
  const classes = dataset.plan.classes.map((each) => ({
    key: each.key,
    title: labelOf(each.title),
    wanted: each.units,
  }));
  return (
    <>
      <Version found={found} />
      <Problems found={found} />
      {found.waiting > 0 && (
        <p className="notice">
          {t("selection.waiting", { waiting: found.waiting })}{" "}
          <Link to={`/looks?dataset=${encodeURIComponent(dataset.code)}`}>
            {t("selection.look")}
          </Link>
        </p>
      )}
      {found.counts && (
        <>
          <Overview counts={found.counts} />
          <h3>{t("selection.classes")}</h3>
          <ClassBalance counts={found.counts.classes} classes={classes} />
        </>
      )}
      <PowerPart power={found.power} />
      <details open>
        <summary>{t("selection.flow")}</summary>
        <Flow steps={found.flow} />
      </details>
      {found.splits.length > 1 && <SplitsPart splits={found.splits} classes={classes} />}
      {found.privacy && <PrivacyPart privacy={found.privacy} />}
      <details>
        <summary>{t("selection.duplicates")}</summary>
        <p>
          {found.duplicates.groups > 0
            ? t("selection.someDuplicates", found.duplicates)
            : t("selection.noDuplicates")}
        </p>
      </details>
      <Disputed found={found} />
      {found.counts && (
        <details>
          <summary>{t("selection.composition")}</summary>
          <Balance counts={found.counts} classes={classes} />
        </details>
      )}
    </>
  );
}

function Version({ found }: { found: Selected }) {
  const { t } = useTranslation("datasets");
  if (!found.version) return null;
  const parts: Readonly<Record<string, string>> = t("selection.part", { returnObjects: true });
  const { part, words } = found.difference;
  return (
    <section className="next-version">
      <h3>{t("selection.version")}</h3>
      <p>
        {found.previous
          ? t("selection.versionAfter", { previous: found.previous, version: found.version })
          : t("selection.versionIs", { version: found.version })}{" "}
        <small>({parts[part] ?? part})</small>
      </p>
      <p className="hint">{labelOf(words)}</p>
    </section>
  );
}

function Problems({ found }: { found: Selected }) {
  const { t } = useTranslation("datasets");
  const problems = found.problems.filter((each) => !each.fatal);
  if (problems.length === 0) return null;
  return (
    <section className="notice">
      <h3>{t("selection.problems")}</h3>
      <ul className="bullets">
        {problems.map(({ words }) => (
          <li key={words.en}>{labelOf(words)}</li>
        ))}
      </ul>
    </section>
  );
}

function Overview({ counts }: { counts: NonNullable<Selected["counts"]> }) {
  const { t } = useTranslation("datasets");
  return (
    <p>
      <strong>
        {t("selection.overview", {
          units: counted(counts.units, t("names.units", { returnObjects: true })),
          lesions: counted(counts.lesions, t("names.lesions", { returnObjects: true })),
          patients: counted(counts.patients, t("names.patients", { returnObjects: true })),
        })}
      </strong>
    </p>
  );
}

function Disputed({ found }: { found: Selected }) {
  const { t } = useTranslation("datasets");
  const { read, afterTwo, afterThree } = found.disputed;
  const told = (value: number | null) => (value === null ? "—" : share(value, 1));
  return (
    <details>
      <summary>{t("selection.disputed")}</summary>
      <p>
        {read > 0
          ? t("selection.disputedShares", { read, two: told(afterTwo), three: told(afterThree) })
          : t("selection.disputedNone")}
      </p>
    </details>
  );
}
