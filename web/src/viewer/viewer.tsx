/** A picture that is zoomed and moved, with what was drawn over it and tools to draw and measure. */
import {
  type KeyboardEvent,
  lazy,
  type ReactNode,
  type Ref,
  Suspense,
  useImperativeHandle,
  useRef,
} from "react";
import { useTranslation } from "react-i18next";
import type { SaliencyMap } from "../api/contract";
import { Controls, Said } from "./controls";
import { Cross } from "./cross";
import { Drafting } from "./drafting";
import { Outline, Saliency } from "./drawn";
import type { Measured } from "./measure";
import type { Point } from "./points";
import { Ruler } from "./ruler";
import type { Moves } from "./stage";
import { useLink } from "./use-link";
import { useTools } from "./use-tools";
import "./viewer.css";
import "./words";

const Stage = lazy(() => import("./stage"));
const OutlineEditor = lazy(() => import("./outline-editor"));

export type Tool = "none" | "outline" | "ruler";

/** What a page may do with the viewer it shows. */
export interface Hold extends Moves {
  focus: () => void;
}

export interface Shown {
  /** A link to the picture; one that was signed anew is used when the former has run out. */
  source: string;
  alt: string;
  outline?: readonly (readonly number[])[] | null;
  saliency?: SaliencyMap | null;
  tool?: Tool;
  /** Millimetres from one pixel of the picture to the next, where they are known. */
  spacingMm?: number | null;
  onOutline?: (outline: Point[] | null) => void;
  onMeasured?: (measured: Measured | null) => void;
  /** The link has run out: give a new `source`. */
  expired?: () => void;
  /** What else lies over the picture, in a box of just its size. */
  over?: ReactNode;
  /** For pages with keys of their own. */
  hold?: Ref<Hold>;
  className?: string;
}

const STEP = 0.15;

export function Viewer(shown: Shown) {
  const { source, alt, outline, saliency, tool = "none", spacingMm, className = "" } = shown;
  const { t } = useTranslation("viewer");
  const frame = useRef<HTMLDivElement>(null);
  const moves = useRef<Moves>(null);
  useImperativeHandle(shown.hold, () => ({
    zoomIn: () => moves.current?.zoomIn(),
    zoomOut: () => moves.current?.zoomOut(),
    whole: () => moves.current?.whole(),
    pan: (x, y) => moves.current?.pan(x, y),
    focus: () => frame.current?.focus(),
  }));
  const { link, attempt, state, size, opened, failed, again } = useLink(source, shown.expired);
  const tools = useTools({ ...shown, tool, spacingMm, size });
  const traced = outline && outline.length > 2 ? outline : null;

  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const taken = tools.pressed(event) || (moves.current && moved(moves.current, event.key));
    if (taken) event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset: a picture and its buttons
    <div
      ref={frame}
      className={`viewer ${className}`}
      data-tool={tool}
      data-state={state}
      role="group"
      aria-label={alt}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: zoomed and moved with the keyboard
      tabIndex={0}
      onKeyDown={press}
    >
      <div className="viewer-picture">
        {state === "opening" && <img className="first-sight" src={link} alt="" decoding="async" />}
        <Suspense fallback={null}>
          <Stage
            link={link}
            attempt={attempt}
            drawing={tool !== "none"}
            moves={moves}
            opened={opened}
            failed={failed}
          >
            {shown.over}
            {saliency && tools.lit && <Saliency map={saliency} />}
            {traced && tools.outlined && tool !== "outline" && <Outline points={traced} />}
            {tool === "ruler" && <Ruler ends={tools.ends} change={tools.measure} />}
            {tool === "outline" && !traced && (
              <Drafting draft={tools.draft} change={tools.draw} close={tools.close} />
            )}
            {tool === "outline" && traced && size && (
              <Suspense fallback={<Outline points={traced} />}>
                <OutlineEditor
                  size={size}
                  outline={traced}
                  change={tools.trace}
                  names={tools.names}
                />
              </Suspense>
            )}
            {tools.cross && <Cross at={tools.cross} />}
          </Stage>
        </Suspense>
        {state === "lost" && (
          <p className="viewer-lost" role="alert">
            {t("lost")}{" "}
            <button type="button" onClick={again}>
              {t("again")}
            </button>
          </p>
        )}
        <Said tools={tools} tool={tool} spacingMm={spacingMm} />
      </div>
      <Controls
        moves={moves}
        tools={tools}
        tool={tool}
        hasOutline={Boolean(traced)}
        hasSaliency={Boolean(saliency)}
      />
    </div>
  );
}

function moved(moves: Moves, key: string): boolean {
  const act = {
    "+": moves.zoomIn,
    "=": moves.zoomIn,
    "-": moves.zoomOut,
    "−": moves.zoomOut,
    "0": moves.whole,
    ArrowLeft: () => moves.pan(-STEP, 0),
    ArrowRight: () => moves.pan(STEP, 0),
    ArrowUp: () => moves.pan(0, -STEP),
    ArrowDown: () => moves.pan(0, STEP),
  }[key];
  act?.();
  return Boolean(act);
}
