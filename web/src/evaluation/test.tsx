/** One test: while it is taken, how to answer; once it is over, the report and how it came to stand. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { accountQuery, queryClient } from "../api/queries";
import { Page } from "../app/page";
import { moment } from "../language/format";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { type EvaluationView, rerun, testQuery } from "./queries";
import { Computations } from "./report/history";
import { reportOf } from "./report/shape";
import { ReportView } from "./report/view";
import { download } from "./saving";
import { OpenTest } from "./taking/open-test";
import "./words";
import "../styles/parts.css";
import "./evaluation.css";

export function TestPage() {
  const { t } = useTranslation("evaluation");
  const { evaluationId = "" } = useParams();
  const found = useQuery(testQuery(evaluationId));
  const role = useQuery(accountQuery).data?.role;
  if (found.isPending) return <Skeleton rows={8} />;
  if (!found.data) return <Failure error={found.error} retry={() => found.refetch()} />;
  const run = found.data;
  const { name, version, vendor } = run.algorithm;
  return (
    <Page
      title={`${run.test}: ${name} ${version}`}
      above={<Link to="/tests">{t("taking.back")}</Link>}
      aside={<Standing run={run} />}
    >
      <p className="run-about">
        <span>{t(`kind.${run.test}`)}</span>
        <span>{vendor}</span>
        <span>
          <code>{run.dataset}</code> {run.version}
        </span>
        <span>{moment(run.created_at)}</span>
      </p>
      {run.state === "open" && <OpenTest run={run} mine={role === "vendor"} />}
      {run.state === "expired" && (
        <p className="notice">{t("taking.expired", { moment: moment(run.deadline) })}</p>
      )}
      {run.state === "computing" && (
        <div role="status" className="part">
          <progress aria-label={t("state.computing")} />
          <p>{t("taking.computing")}</p>
        </div>
      )}
      {run.report && <Complete run={run} curator={role === "curator"} />}
    </Page>
  );
}

/** The state, and of a complete test which way it went. */
function Standing({ run }: { run: EvaluationView }) {
  const { t } = useTranslation("evaluation");
  const last = run.reports.at(-1);
  const word = last ? t(last.passed ? "passed" : "failed") : t(`state.${run.state}`);
  return (
    <span className={last && !last.passed ? "badge warned" : "badge"} role="status">
      {word}
    </span>
  );
}

function Complete({ run, curator }: { run: EvaluationView; curator: boolean }) {
  const { t } = useTranslation("evaluation");
  const report = reportOf(run.report);
  return (
    <>
      <Downloads run={run} />
      {report ? <ReportView report={report} /> : <p className="notice">{t("report.unreadable")}</p>}
      {(curator || run.reports.length > 1) && (
        <section className="part">
          <h2>{t("report.history")}</h2>
          <Computations reports={run.reports} />
          {curator && <Rerun run={run} />}
        </section>
      )}
    </>
  );
}

function Downloads({ run }: { run: EvaluationView }) {
  const { t } = useTranslation("evaluation");
  const pdf = run.reports.at(-1)?.pdf ?? {};
  const tongues = { ru: t("report.inRussian"), en: t("report.inEnglish") };
  return (
    <div className="actions downloads">
      {(["ru", "en"] as const).map(
        (tongue) =>
          pdf[tongue] && (
            <a key={tongue} className="button" href={pdf[tongue]} download>
              {t("report.pdf", { language: tongues[tongue] })}
            </a>
          ),
      )}
      <button
        type="button"
        onClick={() =>
          download(
            `${run.dataset}-${run.test}-${run.evaluation_id}.json`,
            JSON.stringify(run.report, null, 1),
            "application/json",
          )
        }
      >
        {t("report.json")}
      </button>
    </div>
  );
}

function Rerun({ run }: { run: EvaluationView }) {
  const { t } = useTranslation("evaluation");
  const again = useMutation({
    mutationFn: () => rerun(run.evaluation_id),
    onSuccess: () =>
      queryClient.invalidateQueries({ queryKey: testQuery(run.evaluation_id).queryKey }),
  });
  const busy = again.isPending || run.state === "computing";
  return (
    <>
      <p className="hint measure">{t("report.rerunWhy")}</p>
      <div>
        <button type="button" disabled={busy} onClick={() => again.mutate()}>
          {t(busy ? "report.rerunning" : "report.rerun")}
        </button>
      </div>
      {again.isError && <Failure error={again.error} />}
    </>
  );
}
