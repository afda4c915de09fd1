/** A report's file being read and sent: how far it is, and trying again when the connection was lost. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Unreachable } from "../../api/errors";
import { post, StoreRefused } from "../../images/sending";
import { megabytes, percent } from "../../language/format";
import { RequestNumber, useSentence } from "../../ui/failure";
import {
  type Announced,
  announce,
  BadReport,
  MAX_REPORT_BYTES,
  openReportSlot,
} from "./report-file";

type Step = "idle" | "reading" | "sending" | "sent" | "failed";

interface State {
  step: Step;
  progress: number;
  error: unknown;
  /** There is a result for it, so that the file alone may be sent again. */
  again: boolean;
}

const IDLE: State = { step: "idle", progress: 0, error: null, again: false };

export interface Sending extends State {
  read: (file: File) => Promise<Announced>;
  /** Sends the file read last for this result; opens a slot of its own unless one is given. Whether it was sent. */
  send: (histologyId: string, upload?: Parameters<typeof post>[0]) => Promise<boolean>;
  retry: () => void;
}

/** `done` is told each time sending ended, well or not. */
export function useSending(done: (sent: boolean) => void): Sending {
  const [state, setState] = useState<State>(IDLE);
  const abort = useRef(new AbortController());
  const kept = useRef<{ file: File; announced: Announced; histologyId?: string } | null>(null);
  const tell = useRef(done);
  tell.current = done;
  useEffect(() => {
    abort.current = new AbortController();
    return () => abort.current.abort();
  }, []);

  const read = useCallback(async (file: File) => {
    setState({ ...IDLE, step: "reading" });
    try {
      const announced = await announce(file);
      kept.current = { file, announced };
      setState(IDLE);
      return announced;
    } catch (error) {
      setState({ ...IDLE, step: "failed", error });
      throw error;
    }
  }, []);

  const send = useCallback(async (histologyId: string, upload?: Parameters<typeof post>[0]) => {
    const own = kept.current;
    if (!own) return false;
    own.histologyId = histologyId;
    setState({ ...IDLE, step: "sending" });
    try {
      const slot = upload ?? (await openReportSlot(histologyId, own.announced));
      await post(slot, own.file, {
        progress: (progress) => setState({ ...IDLE, step: "sending", progress }),
        signal: abort.current.signal,
      });
      setState({ ...IDLE, step: "sent", progress: 1 });
      tell.current(true);
      return true;
    } catch (error) {
      if (!abort.current.signal.aborted) {
        setState({ ...IDLE, step: "failed", error, again: true });
        tell.current(false);
      }
      return false;
    }
  }, []);

  const retry = useCallback(() => {
    const id = kept.current?.histologyId;
    if (id) void send(id);
  }, [send]);
  useResuming(state, retry);
  return { ...state, read, send, retry };
}

/** What a lost connection stopped goes on by itself when it is back; leaving in the middle is asked about. */
function useResuming(state: State, retry: () => void): void {
  useEffect(() => {
    if (state.step !== "failed" || !(state.error instanceof Unreachable)) return;
    addEventListener("online", retry);
    return () => removeEventListener("online", retry);
  }, [state, retry]);
  const busy = state.step === "sending";
  useEffect(() => {
    if (!busy) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", stay);
    return () => removeEventListener("beforeunload", stay);
  }, [busy]);
}

/** How far the file is. */
export function Progress({ sending }: { sending: Sending }) {
  const { t } = useTranslation("follow_up");
  const faultOf = useFault();
  const { step, progress, error, again, retry } = sending;
  if (step === "failed") {
    return (
      <div className="failure" role="alert">
        <p>{faultOf(error)}</p>
        <RequestNumber error={error} />
        {again && (
          <button type="button" onClick={retry}>
            {t("report.again")}
          </button>
        )}
      </div>
    );
  }
  if (step === "idle" || step === "sent") return null;
  const said = t(`report.step.${step}`, { share: percent(progress) });
  return (
    <div className="report-progress">
      <progress value={step === "sending" ? progress : undefined} aria-label={t("report.title")} />
      <small role="status">{said}</small>
    </div>
  );
}

export function useFault(): (error: unknown) => string {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const sentence = useSentence();
  return (error) => {
    if (error instanceof BadReport) {
      return t(`report.bad.${error.why}`, { size: megabytes(MAX_REPORT_BYTES) });
    }
    if (error instanceof StoreRefused) return common("upload.refused", { code: error.code });
    if (error instanceof Unreachable) return common("upload.lost");
    return sentence(error);
  };
}
