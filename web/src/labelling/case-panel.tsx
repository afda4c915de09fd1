/** Beside the image: what is known of it, the nine classes, and what else may be said. */
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { deadline } from "../language/format";
import { diagnosed } from "./answer";
import type { Above, CaseShown } from "./case";
import { ClassList } from "./class-list";
import { Details } from "./details";
import { Keycap } from "./keycap";

interface Shown extends CaseShown {
  missing: boolean;
  outlining: boolean;
  toggleOutline: () => void;
  submit: () => void;
  open: (above: Above) => void;
  light: { on: boolean; toggle: () => void };
  more: RefObject<HTMLDetailsElement | null>;
  comment: RefObject<HTMLTextAreaElement | null>;
  facts: { site: string; person: string; kind: string };
}

/** Leases are long and renewed while one looks: only an end that is near is said. */
const SOON_MS = 24 * 3_600_000;

export function CasePanel(shown: Shown) {
  const { item, left, answer, say, missing, facts, open, submit } = shown;
  const { t } = useTranslation("reading");
  return (
    <div className="panel">
      <header className="panel-head">
        <h1>{facts.site}</h1>
        <p>{facts.person}</p>
        <p className="hint">
          {facts.kind} · {t("leftSaid", { count: left })}
        </p>
        {Date.parse(item.leased_until) - Date.now() < SOON_MS && (
          <p className="hint">{t("until", { moment: deadline(item.leased_until) })}</p>
        )}
      </header>
      <ClassList
        chosen={answer.diagnosis}
        differential={answer.differential}
        choose={(diagnosis) => say(diagnosed(answer, diagnosis))}
      />
      <p className="fault" role="alert">
        {missing && t("chooseFirst")}
      </p>
      <div className="panel-acts">
        <button type="button" className="primary" onClick={submit}>
          {t("send")} <Keycap>Enter</Keycap>
        </button>
        <button type="button" onClick={() => open("decline")}>
          {t("decline")} <Keycap>D</Keycap>
        </button>
      </div>
      <Details
        answer={answer}
        say={say}
        outlining={shown.outlining}
        toggleOutline={shown.toggleOutline}
        more={shown.more}
        comment={shown.comment}
      />
      <footer className="panel-foot">
        <div className="actions">
          <button type="button" className="quiet" onClick={() => open("help")}>
            {t("shortcuts")} <Keycap>?</Keycap>
          </button>
          <button type="button" className="quiet" onClick={() => open("protocol")}>
            {t("protocol")} <Keycap>P</Keycap>
          </button>
          <button type="button" className="quiet" onClick={shown.light.toggle}>
            {t(shown.light.on ? "dark" : "light")}
          </button>
        </div>
        <p className="hint">{t("blind")}</p>
      </footer>
    </div>
  );
}
