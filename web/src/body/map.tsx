/**
 * Where on the body: five drawings with numbered dots, and a list that says the same in words. A
 * place is set with a press, or with a cross that the arrows move.
 */
import { type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Site } from "../api/contract";
import "./body.css";
import { type Dot, Drawing, dotNear } from "./drawing";
import { nearest, type Spot, VIEWS, type View } from "./views";
import { usePlaceName } from "./words";

export interface MapSpot extends Spot {
  id: string;
  label: string;
  kind?: string;
  /** On the dot; its place among the spots when it has none of its own. */
  number?: number;
}

interface Shown {
  spots: readonly MapSpot[];
  chosen?: string;
  onChoose?: (id: string) => void;
  onPlace?: (placed: Spot & { site: Site }) => void;
  /** Which drawing is open at first; else that of the chosen or the first spot. */
  view?: View;
  /** Without the list, where the page has its own. */
  bare?: boolean;
}

/** How far from a dot a press still means it, in units of the drawing. */
const ON_DOT = 8;
const NEAR_DOT = 20;

export function BodyMap({ spots, chosen, onChoose, onPlace, view: first, bare }: Shown) {
  const { t } = useTranslation("body");
  const placeName = usePlaceName();
  const shownFirst = spots.find(({ id }) => id === chosen) ?? spots[0];
  const [view, setView] = useState<View>(first ?? shownFirst?.view ?? "front");
  const [cross, setCross] = useState<Spot | null>(null);
  const hint = useId();
  const dots = spots.map((spot, index): Dot => ({ number: index + 1, ...spot }));
  const here = dots.filter((dot) => dot.view === view);
  const pointed = cross && nearest(cross);
  const placed = here.find(({ kind }) => kind === "new");

  // The page turned to another spot: its drawing is opened once, and may be left again.
  const [followed, follow] = useState(chosen);
  if (chosen !== followed) {
    follow(chosen);
    const spot = spots.find(({ id }) => id === chosen);
    if (spot) setView(spot.view);
  }

  function press(spot: Spot) {
    const meant = onChoose && dotNear(here, spot, onPlace ? ON_DOT : NEAR_DOT);
    if (meant) return onChoose?.(meant.id);
    const place = onPlace && nearest(spot);
    if (!place) return;
    onPlace?.({ view: place.view, x: place.x, y: place.y, site: place.site });
  }

  return (
    <div className="body-map">
      <ViewChoice view={view} dots={dots} choose={setView} />
      <div className="body-parts">
        <div className="body-figure">
          {onPlace ? (
            <Placing
              cross={cross?.view === view ? cross : null}
              view={view}
              move={setCross}
              set={press}
              hint={hint}
            >
              <Drawing
                view={view}
                dots={here}
                chosen={chosen}
                cross={pointed ?? cross}
                press={press}
                point={setCross}
              />
            </Placing>
          ) : (
            <Drawing view={view} dots={here} chosen={chosen} press={onChoose && press} />
          )}
          {onPlace && (
            <p className="hint body-words" id={hint} aria-live="polite">
              {cross
                ? pointed
                  ? placeName(pointed)
                  : t("beside")
                : placed
                  ? placeName(placed)
                  : t("placeHint")}
            </p>
          )}
        </div>
        {!bare && <InWords dots={dots} chosen={chosen} choose={onChoose} show={setView} />}
      </div>
    </div>
  );
}

interface Choice {
  view: View;
  dots: readonly Dot[];
  choose: (view: View) => void;
}

function ViewChoice({ view, dots, choose }: Choice) {
  const { t } = useTranslation("body");
  const name = useId();
  const within = (each: View) => dots.filter((dot) => dot.view === each).length;
  return (
    <fieldset className="body-views">
      <legend className="unseen">{t("view")}</legend>
      <div className="chips">
        {VIEWS.map((each) => (
          <label key={each} className="chip">
            <input type="radio" name={name} checked={view === each} onChange={() => choose(each)} />
            <span>
              {t(`views.${each}`)}
              {within(each) > 0 && `\u00a0· ${within(each)}`}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const STEP = 0.008;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-2, 0],
  ArrowRight: [2, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Keys {
  cross: Spot | null;
  view: View;
  move: (cross: Spot | null) => void;
  set: (spot: Spot) => void;
  hint: string;
  children: React.ReactNode;
}

/** The drawing under the keyboard; longer steps with Shift. */
function Placing({ cross, view, move, set, hint, children }: Keys) {
  const { t } = useTranslation("body");
  const at = cross ?? { view, ...(view === "front" || view === "back" ? CHEST : MIDDLE_LEFT) };
  function pressed(event: KeyboardEvent) {
    const arrow = ARROWS[event.key];
    if (!arrow && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (!arrow) return set(at);
    const step = event.shiftKey ? STEP * 4 : STEP;
    move({ view, x: within(at.x + arrow[0] * step), y: within(at.y + arrow[1] * step) });
  }
  return (
    <div
      className="body-placing"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys work here
      tabIndex={0}
      aria-label={t("place")}
      aria-describedby={hint}
      onKeyDown={pressed}
      onFocus={(event) => !cross && byKey(event.currentTarget) && move(at)}
      onBlur={() => move(null)}
      onPointerLeave={() => move(null)}
    >
      {children}
    </div>
  );
}

/** A finger that presses takes the focus too, and needs no cross. */
function byKey(focused: Element): boolean {
  return focused.matches(":focus-visible");
}

const CHEST = { x: 0.5, y: 0.25 };
const MIDDLE_LEFT = { x: 0.25, y: 0.25 };

function within(share: number): number {
  return Math.min(0.99, Math.max(0.01, share));
}

interface Listed {
  dots: readonly Dot[];
  chosen?: string;
  choose?: (id: string) => void;
  show: (view: View) => void;
}

function InWords({ dots, chosen, choose, show }: Listed) {
  const { t } = useTranslation("body");
  const placeName = usePlaceName();
  if (dots.length === 0) return <p className="hint">{t("none")}</p>;
  return (
    <ol className="body-list" aria-label={t("list")}>
      {dots.map((dot) => (
        <li key={dot.id}>
          <button
            type="button"
            className="quiet"
            aria-pressed={choose ? dot.id === chosen : undefined}
            onClick={() => {
              show(dot.view);
              choose?.(dot.id);
            }}
          >
            <span className="body-number" aria-hidden="true">
              {dot.number}
            </span>
            <span>
              {dot.label}
              <small>{placeName(dot)}</small>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
