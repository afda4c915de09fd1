/** A test that is being taken: how far it is, and the two ways to answer. */
import { useTranslation } from "react-i18next";
import { moment } from "../../language/format";
import { CopyText } from "../../ui/copy";
import type { EvaluationView } from "../queries";
import { ByFile } from "./by-file";

export function OpenTest({ run, mine }: { run: EvaluationView; mine: boolean }) {
  const { t } = useTranslation("evaluation");
  return (
    <>
      <section className="part run-progress">
        <div className="actions">
          <strong>{t("taking.progress")}</strong>
          <span>{t("taking.progressSays", { answered: run.answered, units: run.units })}</span>
          <span className="hint">{t("taking.deadline", { moment: moment(run.deadline) })}</span>
        </div>
        <progress value={run.answered} max={run.units} aria-label={t("taking.progress")} />
        <p className="hint">{t("taking.waiting")}</p>
      </section>
      {mine && (
        <section className="part">
          <h2>{t("taking.how")}</h2>
          {run.mode === "one_by_one" && <ByOne run={run} />}
          <ByFile run={run} />
        </section>
      )}
    </>
  );
}

function ByOne({ run }: { run: EvaluationView }) {
  const { t } = useTranslation("evaluation");
  const at = `${location.origin}/api/v1/evaluations/${run.evaluation_id}`;
  const token = `-H "Authorization: Bearer $TOKEN"`;
  const send = `curl -s ${at}/results ${token} -H 'Content-Type: application/json'`;
  const first = run.test.startsWith("FT") ? "FT-I" : "KlT-I";
  const commands: [string, string][] = [
    [t("taking.next"), `curl -s ${at}/next ${token}`],
    [
      t("taking.answer"),
      `${send} \\\n  -d '{"unit_id": "'$UNIT'", "probabilities": {"melanoma": 0.2, "nevus": 0.8}}'`,
    ],
    [
      t("taking.refuse"),
      `${send} \\\n  -d '{"unit_id": "'$UNIT'", "refused": true, "reason": "out of focus"}'`,
    ],
  ];
  return (
    <section className="way">
      <h3>{t("taking.byOne")}</h3>
      <p className="measure">{t("taking.byOneWhy")}</p>
      <details>
        <summary>{t("taking.commands")}</summary>
        <p className="hint measure">{t("taking.commandsWhy")}</p>
        {commands.map(([name, command]) => (
          <div key={name} className="command">
            <h4>{name}</h4>
            <CopyText text={command} label={name} />
          </div>
        ))}
        <div className="command">
          <h4>{t("taking.own")}</h4>
          <p className="hint measure">{t("taking.ownWhy")}</p>
          <CopyText
            text={`python -m training.as_vendor ${first}=${run.dataset} --server ${location.origin}`}
            label={t("taking.own")}
          />
        </div>
      </details>
    </section>
  );
}
