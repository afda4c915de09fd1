/** One image and what is said of it: one key names the class, one more sends it. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Hold, Viewer } from "../viewer";
import {
  type Answer,
  diagnosed,
  differing,
  formOf,
  nextConfidence,
  nextQuality,
  ofQuality,
} from "./answer";
import { CasePanel } from "./case-panel";
import { useClasses } from "./class-list";
import { Declining } from "./declining";
import { useFacts } from "./facts";
import type { Act } from "./keys";
import { OpinionOutlines, Opinions, opinionsOf } from "./opinions";
import { ProtocolWindow } from "./protocol-window";
import type { Assignment, ReadingForm } from "./queries";
import { Shortcuts } from "./shortcuts";
import { toggleFull, useLightRoom } from "./surroundings";
import { useKeys } from "./use-keys";
import { useLease, useLooked } from "./use-looking";

export interface CaseShown {
  item: Assignment;
  left: number;
  answer: Answer;
  say: (answer: Answer) => void;
  send: (form: ReadingForm) => void;
  undo: () => void;
  /** It is not his any more. */
  gone: (why: string) => void;
  renewLink: () => void;
  tell: (sentence: string) => void;
  bar: React.ReactNode;
}

export type Above = "help" | "decline" | "protocol" | null;

export function Case(shown: CaseShown) {
  const { item, answer, say, bar } = shown;
  const { t } = useTranslation("reading");
  const id = item.assignment_id;
  const [outlining, setOutlining] = useState(false);
  const [above, setAbove] = useState<Above>(null);
  const [missing, setMissing] = useState(false);
  const hold = useRef<Hold>(null);
  const more = useRef<HTMLDetailsElement>(null);
  const comment = useRef<HTMLTextAreaElement>(null);
  const looked = useLooked(id);
  const classes = useClasses();
  const facts = useFacts()(item);
  const light = useLightRoom();
  useLease(item, (why) => shown.gone(t("lost", { why })));

  const arrived = `${facts.site}, ${facts.person}`;
  const { tell } = shown;
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for each image
  useEffect(() => {
    setOutlining(false);
    setMissing(false);
    setAbove(null);
    // Keys belong to the new image now, not to what was said of the last one.
    if (document.activeElement === comment.current) hold.current?.focus();
    if (more.current) more.current.open = false;
    tell(t("next", { facts: arrived }));
  }, [id]);

  const send = () => {
    const form = formOf(answer, looked());
    setMissing(form === null);
    if (form) shown.send(form);
  };
  const toggleOutline = () => {
    setOutlining((on) => !on);
    hold.current?.focus();
  };
  const perform = (act: Act): boolean | undefined => {
    if (outlining && (act.do === "send" || act.do === "leave")) {
      setOutlining(false);
      return true;
    }
    // While a border is drawn this key takes its last point.
    if (outlining && act.do === "undo") return false;
    switch (act.do) {
      case "class":
      case "differential": {
        const named = classes[act.place]?.key;
        if (!named) return false;
        setMissing(false);
        say(act.do === "class" ? diagnosed(answer, named) : differing(answer, named));
        break;
      }
      case "send":
        send();
        break;
      case "undo":
        shown.undo();
        break;
      case "confidence":
        say({ ...answer, confidence: nextConfidence(answer.confidence) });
        break;
      case "quality":
        say(ofQuality(answer, nextQuality(answer.quality)));
        break;
      case "outline":
        toggleOutline();
        break;
      case "comment":
        if (more.current) more.current.open = true;
        comment.current?.focus();
        break;
      case "leave":
        if (document.activeElement !== comment.current) return false;
        hold.current?.focus();
        break;
      case "decline":
      case "protocol":
      case "help":
        setAbove(act.do);
        break;
      case "full":
        toggleFull();
        break;
      case "pan":
        hold.current?.pan(act.x, act.y);
        break;
      default:
        hold.current?.[act.do]();
    }
  };
  useKeys(above === null, answer.diagnosis !== null, perform);
  const opinions = opinionsOf(item);

  return (
    <div className={light.on ? "case light" : "case"}>
      <Viewer
        className="fills"
        source={item.image_url}
        alt={t("alt", { site: facts.site })}
        tool={outlining ? "outline" : "none"}
        outline={answer.outline}
        onOutline={(outline) => say({ ...answer, outline })}
        over={<OpinionOutlines opinions={opinions} />}
        expired={shown.renewLink}
        hold={hold}
      />
      {bar}
      {opinions.length > 0 && <Opinions opinions={opinions} />}
      <CasePanel
        {...shown}
        missing={missing}
        outlining={outlining}
        toggleOutline={toggleOutline}
        submit={send}
        open={setAbove}
        light={light}
        more={more}
        comment={comment}
        facts={facts}
      />
      {above === "help" && <Shortcuts close={() => setAbove(null)} />}
      {above === "protocol" && <ProtocolWindow close={() => setAbove(null)} />}
      {above === "decline" && (
        <Declining
          assignmentId={id}
          declined={() => shown.gone(t("declining.done"))}
          close={() => setAbove(null)}
        />
      )}
    </div>
  );
}
