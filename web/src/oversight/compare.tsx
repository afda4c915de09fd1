/** Two pictures side by side, under a slider, or in turn; the right one turned and mirrored at will. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "./keys";
import type { Side } from "./pairs";

const WAYS = ["side", "slider", "blink"] as const;
type Way = (typeof WAYS)[number];
const BLINK_MS = 700;

export function Compare({ sides, expired }: { sides: [Side, Side]; expired: () => void }) {
  const { t } = useTranslation("oversight");
  const [way, setWay] = useState<Way>("side");
  const [turns, setTurns] = useState(0);
  const [mirrored, setMirrored] = useState(false);
  const turn = () => setTurns((before) => (before + 1) % 4);
  const mirror = () => setMirrored((before) => !before);
  const following = () => setWay(WAYS[(WAYS.indexOf(way) + 1) % WAYS.length] ?? "side");
  useKeys({ KeyV: following, KeyR: turn, KeyM: mirror });
  const placed = `turn-${turns}${mirrored ? " mirrored" : ""}`;
  const pictures = sides.map((side, place) => (
    <Half
      key={place === 0 ? "one" : "other"}
      side={side}
      name={t(place === 0 ? "duplicates.first" : "duplicates.second")}
      placed={place === 0 ? "" : placed}
      expired={expired}
    />
  )) as [React.ReactNode, React.ReactNode];
  return (
    <div className="compare">
      {way === "side" && <div className="compare-side">{pictures}</div>}
      {way === "slider" && <Slider pictures={pictures} />}
      {way === "blink" && <Blink pictures={pictures} />}
      <div className="actions">
        <fieldset className="chips" aria-label={t("duplicates.view")}>
          {WAYS.map((each) => (
            <label key={each} className="chip">
              <input type="radio" name="way" checked={way === each} onChange={() => setWay(each)} />
              <span>{t(`duplicates.views.${each}`)}</span>
            </label>
          ))}
        </fieldset>
        <button type="button" onClick={turn}>
          {t("duplicates.turn")}
        </button>
        <button type="button" aria-pressed={mirrored} onClick={mirror}>
          {t("duplicates.mirror")}
        </button>
      </div>
    </div>
  );
}

interface HalfShown {
  side: Side;
  name: string;
  placed: string;
  expired: () => void;
}

function Half({ side, name, placed, expired }: HalfShown) {
  const { t } = useTranslation("oversight");
  const url = side.shown?.image ?? side.shown?.thumbnail;
  if (!url) return <p className="compare-none">{t("duplicates.lost")}</p>;
  return (
    <img
      className={`compare-picture ${placed}`}
      src={url}
      alt={t("duplicates.alt", { which: name })}
      onError={expired}
    />
  );
}

type Both = { pictures: [React.ReactNode, React.ReactNode] };

function Slider({ pictures }: Both) {
  const { t } = useTranslation("oversight");
  const [split, setSplit] = useState(50);
  return (
    <div className="compare-one">
      <div className="compare-frame">
        {pictures[1]}
        <div className="compare-over" style={{ clipPath: `inset(0 ${100 - split}% 0 0)` }}>
          {pictures[0]}
        </div>
        <svg className="compare-line" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden>
          <line x1={split} x2={split} y1="0" y2="100" />
        </svg>
      </div>
      <input
        type="range"
        min="0"
        max="100"
        value={split}
        aria-label={t("duplicates.split")}
        onChange={(event) => setSplit(Number(event.target.value))}
      />
    </div>
  );
}

/** In turn by itself, unless the person wants no motion; with a key or the button at any time. */
function Blink({ pictures }: Both) {
  const { t } = useTranslation("oversight");
  const [other, setOther] = useState(false);
  const [still, setStill] = useState(() => matchMedia("(prefers-reduced-motion: reduce)").matches);
  const swap = () => {
    setStill(true);
    setOther((before) => !before);
  };
  useKeys({ KeyX: swap });
  useEffect(() => {
    if (still) return;
    const timer = setInterval(() => setOther((before) => !before), BLINK_MS);
    return () => clearInterval(timer);
  }, [still]);
  return (
    <div className="compare-one">
      <div className="compare-frame">
        {pictures[0]}
        <div className="compare-over" hidden={!other}>
          {pictures[1]}
        </div>
      </div>
      <div className="actions">
        <button type="button" onClick={swap}>
          {t("duplicates.swap")} <kbd>X</kbd>
        </button>
        <span>
          {t("duplicates.shownNow", {
            which: t(other ? "duplicates.second" : "duplicates.first").toLocaleLowerCase(),
          })}
        </span>
      </div>
    </div>
  );
}
