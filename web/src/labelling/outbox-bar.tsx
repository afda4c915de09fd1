/** What becomes of the readings he has given: the last one may be taken back for a minute. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClassName } from "../images/opinion";
import { counted } from "../language/format";
import { Keycap } from "./keycap";
import type { Contents, Outbox, Refused } from "./outbox";

interface Shown {
  outbox: Outbox;
  contents: Contents;
  undo: () => void;
}

export function OutboxBar({ outbox, contents, undo }: Shown) {
  const { t } = useTranslation("reading");
  const readings = contents.waiting.filter((each) => each.form !== null).length;
  return (
    <div className="outbox">
      <Undo outbox={outbox} undo={undo} />
      <div role="status">
        {contents.stuck && <p className="stuck">{t("stuck", { count: readings })}</p>}
      </div>
      {contents.refused.map((refused) => (
        <NotTaken
          key={`${refused.assignmentId} ${refused.sentence}`}
          refused={refused}
          dismiss={() => outbox.dismiss(refused)}
        />
      ))}
      {readings > 1 && !contents.stuck && (
        <p className="hint">{counted(readings, t("sending", { returnObjects: true }))}</p>
      )}
    </div>
  );
}

function Undo({ outbox, undo }: Pick<Shown, "outbox" | "undo">) {
  const { t } = useTranslation("reading");
  const nameOf = useClassName();
  useTick(outbox.latest() !== null);
  const latest = outbox.latest();
  if (!latest?.form) return null;
  const left = "undoUntil" in latest ? Math.ceil((latest.undoUntil - Date.now()) / 1000) : null;
  return (
    <div className="undo">
      <span>{t("undo.said", { diagnosis: nameOf(latest.form.diagnosis) })}</span>
      <button type="button" onClick={undo}>
        {t("undo.act")} <Keycap>⌫</Keycap>
      </button>
      {/* Counted for the eye alone: a voice would speak of nothing else. */}
      {left !== null && (
        <span className="countdown" aria-hidden="true">
          {t("undo.seconds", { seconds: Math.max(left, 0) })}
        </span>
      )}
    </div>
  );
}

function NotTaken({ refused, dismiss }: { refused: Refused; dismiss: () => void }) {
  const { t } = useTranslation("reading");
  const nameOf = useClassName();
  const why = refused.sentence;
  return (
    <div className="failure" role="alert">
      <p>
        {refused.form
          ? t("refused", { diagnosis: nameOf(refused.form.diagnosis), why })
          : t("refusedUndo", { why })}
      </p>
      <button type="button" onClick={dismiss}>
        {t("understood")}
      </button>
    </div>
  );
}

/** Drawn anew each second while something runs out. */
function useTick(running: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [running]);
}
