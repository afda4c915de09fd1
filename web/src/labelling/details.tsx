/** What may be said beside the diagnosis: nothing of it is asked for. */
import { type RefObject, useId } from "react";
import { useTranslation } from "react-i18next";
import { type Answer, CONFIDENCES, differing, MOST_LETTERS, ofQuality, QUALITIES } from "./answer";
import { useClasses } from "./class-list";
import { Keycap } from "./keycap";

interface Shown {
  answer: Answer;
  say: (answer: Answer) => void;
  outlining: boolean;
  toggleOutline: () => void;
  more: RefObject<HTMLDetailsElement | null>;
  comment: RefObject<HTMLTextAreaElement | null>;
}

export function Details({ answer, say, outlining, toggleOutline, more, comment }: Shown) {
  const { t } = useTranslation("reading");
  const id = useId();
  const said = answer.differential.length + (answer.comment.trim() ? 1 : 0);
  return (
    <div className="details">
      <Choices
        legend={t("confidence")}
        keycap="S"
        name="confidence"
        options={[null, ...CONFIDENCES].map((value) => ({
          value: String(value),
          label: value === null ? "—" : String(value),
          title: t(`confidences.${value === null ? "none" : (`c${value}` as "c1")}`),
        }))}
        chosen={String(answer.confidence)}
        choose={(value) => say({ ...answer, confidence: value === "null" ? null : Number(value) })}
      />
      <Choices
        legend={t("quality")}
        keycap="Q"
        name="quality"
        options={QUALITIES.map((value) => ({ value, label: t(`qualities.${value}`) }))}
        chosen={answer.quality}
        choose={(value) => say(ofQuality(answer, value as Answer["quality"]))}
      />
      <div className="outline-row">
        <span>
          {t("outline")}: {t(answer.outline ? "outlineDone" : "outlineNone")}
        </span>
        <button type="button" aria-pressed={outlining} onClick={toggleOutline}>
          <Keycap>O</Keycap>
          {t(outlining ? "outlineLeave" : answer.outline ? "outlineChange" : "outlineDraw")}
        </button>
      </div>
      <details ref={more}>
        <summary>
          {t("more")}
          {said > 0 && ` (${said})`}
        </summary>
        <Differential answer={answer} say={say} />
        <div className="field">
          <label htmlFor={id}>
            {t("comment")} <Keycap>C</Keycap>
          </label>
          <textarea
            ref={comment}
            id={id}
            rows={2}
            maxLength={MOST_LETTERS}
            aria-describedby={`${id}-hint`}
            value={answer.comment}
            onChange={(event) => say({ ...answer, comment: event.target.value })}
          />
          <small id={`${id}-hint`}>{t("commentHint")}</small>
        </div>
      </details>
    </div>
  );
}

function Differential({ answer, say }: Pick<Shown, "answer" | "say">) {
  const { t } = useTranslation("reading");
  const classes = useClasses().filter(({ key }) => key !== answer.diagnosis);
  return (
    <fieldset>
      <legend>
        {t("differential")} <Keycap>Shift + 1–9</Keycap>
      </legend>
      <div className="chips">
        {classes.map(({ key, name }) => (
          <label key={key} className="chip">
            <input
              type="checkbox"
              checked={answer.differential.includes(key)}
              onChange={() => say(differing(answer, key))}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface Option {
  value: string;
  label: string;
  title?: string;
}

interface Choosing {
  legend: string;
  keycap: string;
  name: string;
  options: readonly Option[];
  chosen: string;
  choose: (value: string) => void;
}

function Choices({ legend, keycap, name, options, chosen, choose }: Choosing) {
  return (
    <fieldset>
      <legend>
        {legend} <Keycap>{keycap}</Keycap>
      </legend>
      <div className="chips">
        {options.map(({ value, label, title }) => (
          <label key={value} className="chip" title={title}>
            <input
              type="radio"
              name={name}
              value={value}
              aria-label={title}
              checked={chosen === value}
              onChange={() => choose(value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
