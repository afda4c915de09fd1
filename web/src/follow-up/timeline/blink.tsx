/** Two photographs in turn in one place: what changed jumps to the eye. It starts and stops at a person's word. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { day } from "../../language/format";
import { pauseOf, RATES, type Rate, stillness } from "./blinking";
import type { Pair } from "./comparison";
import { boxOf, LaidPicture } from "./laid-pictures";

export function Blink({ pair }: { pair: Pair }) {
  const { t } = useTranslation("follow_up");
  const { before, after, laid, frame, outlined, renew } = pair;
  const [later, setLater] = useState(false);
  const [rate, setRate] = useState<Rate>(1);
  const [going, setGoing] = useState(false);
  const still = useStillness(() => setGoing(false));
  useTurns(going && !still, rate, () => setLater((shown) => !shown));
  const shown = later ? after : before;
  return (
    <div className="blink">
      <figure>
        <svg
          className="laid"
          viewBox={boxOf(frame)}
          role="img"
          aria-label={t("compare.of", { day: day(shown.day) })}
        >
          <LaidPicture image={before} laid={laid[0]} hidden={later} {...{ outlined, renew }} />
          <LaidPicture image={after} laid={laid[1]} hidden={!later} {...{ outlined, renew }} />
        </svg>
        <figcaption>{day(shown.day)}</figcaption>
      </figure>
      <div className="actions">
        <button
          type="button"
          onClick={() => {
            setGoing(false);
            setLater(!later);
          }}
        >
          {t("blink.switch")}
        </button>
        {still ? (
          <p className="hint">{t("blink.still")}</p>
        ) : (
          <>
            <button type="button" aria-pressed={going} onClick={() => setGoing(!going)}>
              {t(going ? "blink.stop" : "blink.start")}
            </button>
            <label className="labelled">
              {t("blink.rate")}
              <select
                value={rate}
                onChange={({ target }) =>
                  setRate(RATES.find((each) => String(each) === target.value) ?? 1)
                }
              >
                {RATES.map((each) => (
                  <option key={each} value={each}>
                    {t(`blink.rates.${String(each) as "0.5" | "1" | "2"}`)}
                  </option>
                ))}
              </select>
            </label>
          </>
        )}
      </div>
    </div>
  );
}

/** Whether nothing may move by itself; `stop` when that becomes so. */
function useStillness(stop: () => void): boolean {
  const [still, setStill] = useState(() => stillness().matches);
  useEffect(() => {
    const asked = stillness();
    const changed = () => {
      setStill(asked.matches);
      if (asked.matches) stop();
    };
    asked.addEventListener("change", changed);
    return () => asked.removeEventListener("change", changed);
  });
  return still;
}

/** `turn` so many times a second while `going` and the page is in sight. */
function useTurns(going: boolean, rate: Rate, turn: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` does the same each time
  useEffect(() => {
    if (!going) return;
    const timer = setInterval(() => {
      if (!document.hidden) turn();
    }, pauseOf(rate));
    return () => clearInterval(timer);
  }, [going, rate]);
}
