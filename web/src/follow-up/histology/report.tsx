/** The report's file of a result: how it stands, a link once it is clean, and sending another. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { counted } from "../../language/format";
import { type Histology, histologyChanged } from "../queries";
import { type Chosen, ReportField } from "./report-field";
import { Progress, useSending } from "./sending";

interface Shown {
  lesionId: string;
  result: Histology;
}

export function ReportFile({ lesionId, result }: Shown) {
  const { t } = useTranslation("follow_up");
  const { report } = result;
  const [adding, setAdding] = useState(false);
  const open = !report || ["awaiting_upload", "rejected", "abandoned"].includes(report.state);
  return (
    <div className="report">
      {report && (
        <p className="state" data-state={shapeOf(report.state)} role="status">
          {t(`report.state.${report.state}`)}
        </p>
      )}
      {report?.pages && (
        <p className="hint">{counted(report.pages, t("pages", { returnObjects: true }))}</p>
      )}
      {report?.problem && <p className="failure">{report.problem.message}</p>}
      {report?.state === "received" && <progress aria-label={t("report.state.received")} />}
      {report?.url && (
        <p>
          <a className="button" href={report.url} download rel="noreferrer">
            {t("report.save")}
          </a>
        </p>
      )}
      {open && !adding && (
        <p>
          <button type="button" onClick={() => setAdding(true)}>
            {t(report ? "report.sendAgain" : "report.add")}
          </button>
        </p>
      )}
      {open && adding && (
        <Adding lesionId={lesionId} result={result} close={() => setAdding(false)} />
      )}
    </div>
  );
}

/** The shapes of image states say the same here. */
function shapeOf(state: string): string {
  return state === "accepted" ? "labelled" : state;
}

function Adding({ lesionId, result, close }: Shown & { close: () => void }) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const kept = useQueryClient();
  const [chosen, setChosen] = useState<Chosen>({ file: null, covered: false });
  const [uncovered, setUncovered] = useState(false);
  const sending = useSending(() => void histologyChanged(kept, lesionId));
  const busy = sending.step === "reading" || sending.step === "sending";

  async function send() {
    setUncovered(!chosen.covered);
    if (!chosen.file || !chosen.covered) return;
    try {
      await sending.read(chosen.file);
    } catch {
      return; // It is told where the progress was.
    }
    await sending.send(result.histology_id);
  }

  if (sending.step === "sent") return null;
  return (
    <div className="report-adding">
      <ReportField chosen={chosen} change={setChosen} missing={uncovered} disabled={busy} />
      <Progress sending={sending} />
      <div className="actions">
        <button
          type="button"
          className="primary"
          disabled={busy || !chosen.file}
          onClick={() => void send()}
        >
          {t("report.send")}
        </button>
        <button type="button" onClick={close} disabled={busy}>
          {common("cancel")}
        </button>
      </div>
    </div>
  );
}
