/** The other way to answer: a list of all units out, a file of all results in. No time is measured then. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../../api/errors";
import { queryClient } from "../../api/queries";
import { counted } from "../../language/format";
import { Confirm } from "../../ui/confirm";
import { Failure } from "../../ui/failure";
import { Scrolled } from "../../ui/scrolled";
import { algorithmQuery, allUnits, type EvaluationView, sendResults, testQuery } from "../queries";
import { download } from "../saving";
import { type FileFault, faultsOfFile, listOfUnits, resultsIn, Unreadable } from "./results-file";

export function ByFile({ run }: { run: EvaluationView }) {
  const { t } = useTranslation("evaluation");
  const [asking, ask] = useState(false);
  const [listed, setListed] = useState(0);
  const classes = useQuery(algorithmQuery(run.algorithm_id)).data?.classes ?? [];
  const fetchList = async () => {
    const units = await allUnits(run.evaluation_id);
    download(`${run.evaluation_id}.csv`, listOfUnits(units, classes), "text/csv");
    setListed(units.length);
    await queryClient.invalidateQueries({ queryKey: testQuery(run.evaluation_id).queryKey });
  };
  const again = useMutation({ mutationFn: fetchList });
  const byFile = run.mode === "file";
  return (
    <section className="way">
      <h3>{t("taking.byFile")}</h3>
      <p className="measure">
        {byFile ? t("taking.fileMode") : t("taking.byFileWhy")} {t("taking.noTime")}
      </p>
      <div className="actions">
        <button
          type="button"
          disabled={again.isPending}
          onClick={() => (byFile ? again.mutate() : ask(true))}
        >
          {t(byFile ? "taking.listAgain" : "taking.getList")}
        </button>
        {listed > 0 && (
          <span className="hint" role="status">
            {t("taking.listed", {
              units: counted(listed, t("taking.units", { returnObjects: true })),
            })}
          </span>
        )}
      </div>
      {again.isError && <Failure error={again.error} />}
      {byFile && <Upload run={run} classes={classes} />}
      {asking && (
        <Confirm
          title={t("taking.getListTitle")}
          act={t("taking.getListAct")}
          close={() => ask(false)}
          perform={fetchList}
        >
          <p>{t("taking.getListWhy")}</p>
        </Confirm>
      )}
    </section>
  );
}

function Upload({ run, classes }: { run: EvaluationView; classes: readonly string[] }) {
  const { t } = useTranslation("evaluation");
  const chosen = useRef<HTMLInputElement>(null);
  const [faults, setFaults] = useState<readonly FileFault[]>([]);
  const sending = useMutation({
    mutationFn: async (file: File) => {
      setFaults([]);
      const results = resultsIn(await file.text());
      try {
        await sendResults(run.evaluation_id, results);
      } catch (error) {
        if (error instanceof Refusal) setFaults(faultsOfFile(error.fields, results));
        throw error;
      }
    },
    onSuccess: () =>
      queryClient.invalidateQueries({ queryKey: testQuery(run.evaluation_id).queryKey }),
  });
  return (
    <>
      <details>
        <summary>{t("taking.format")}</summary>
        <p className="measure">{t("taking.formatWhy")}</p>
        <pre className="copy-text">
          <code>{exampleOf(classes)}</code>
        </pre>
        <p className="hint measure">{t("taking.formatCsv")}</p>
      </details>
      <input
        ref={chosen}
        type="file"
        accept=".json,.csv,application/json,text/csv"
        className="unseen"
        tabIndex={-1}
        aria-label={t("taking.choose")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again once it is mended.
          event.target.value = "";
          if (file) sending.mutate(file);
        }}
      />
      <div>
        <button
          type="button"
          className="primary"
          disabled={sending.isPending}
          onClick={() => chosen.current?.click()}
        >
          {t(sending.isPending ? "taking.sending" : "taking.choose")}
        </button>
      </div>
      {faults.length > 0 && <Faults faults={faults} />}
      {sending.error instanceof Unreadable ? (
        <p className="failure" role="alert">
          {t("taking.unreadable", {
            why: t(`taking.why.${sending.error.reason.why}`, { ...sending.error.reason }),
          })}
        </p>
      ) : (
        sending.isError && faults.length === 0 && <Failure error={sending.error} />
      )}
    </>
  );
}

const SHOWN = 100;

function Faults({ faults }: { faults: readonly FileFault[] }) {
  const { t } = useTranslation("evaluation");
  return (
    <section className="failure" role="alert">
      <h4>{t("taking.refusedFile")}</h4>
      <Scrolled name={t("taking.refusedFile")}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t("taking.line")}</th>
              <th scope="col">{t("taking.fault")}</th>
              <th scope="col">{t("taking.place")}</th>
            </tr>
          </thead>
          <tbody>
            {faults.slice(0, SHOWN).map(({ unit, path, sentence }) => (
              <tr key={path}>
                <td>
                  <code>{unit}</code>
                </td>
                <td>{sentence}</td>
                <td>
                  <code>{path}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

function exampleOf(classes: readonly string[]): string {
  const [first = "melanoma", second = "nevus", ...others] = classes;
  const probabilities = Object.fromEntries([
    [first, 0.2],
    [second, 0.8],
    ...others.map((each) => [each, 0]),
  ]);
  const results = [
    { unit_id: "…", probabilities },
    { unit_id: "…", refused: true, reason: "out of focus" },
  ];
  return JSON.stringify({ results }, null, 1);
}
