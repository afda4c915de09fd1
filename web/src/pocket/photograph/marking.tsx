/** Two circles, one a page: round the mole, and round a coin if there is one. Without a coin no size in mm. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { vocabulariesQuery } from "../../api/queries";
import { labelOf } from "../../language";
import { coinsIn } from "../queries";
import type { Marks } from "../shapes";
import { CircleEditor } from "./circle-editor";
import { type Circle, firstCircle, overlap, rounded } from "./marks";

/** The vocabulary's keys are those that the form takes. */
type CoinKey = NonNullable<Marks["scale"]>["object"];

/** Which circle is drawn now. */
export type Marked = "marks" | "coin";

interface Shown {
  /** Told when the other circle's turn comes. */
  turned: (to: Marked) => void;
  photograph: ImageBitmap;
  done: (marks: Marks | null) => void;
}

export function Marking({ photograph, turned, done }: Shown) {
  const { t } = useTranslation("pocket");
  const aspect = photograph.height / photograph.width;
  const [mole, setMole] = useState<Circle>(() => firstCircle("mole", aspect));
  const [coin, setCoin] = useState<Circle | null>(null);
  const [object, setObject] = useState<CoinKey | null>(null);
  const coins = coinsIn(useQuery(vocabulariesQuery).data);

  function turn(next: Circle | null) {
    setCoin(next);
    turned(next ? "coin" : "marks");
  }

  if (!coin) {
    return (
      <div className="marking">
        <p id="marking-why">{t("marks.moleWhy")}</p>
        <CircleEditor
          photograph={photograph}
          circle={mole}
          change={setMole}
          label={t("marks.mole")}
        />
        <div className="steps">
          {coins.length > 0 && (
            <button
              type="button"
              className="primary large"
              onClick={() => turn(beside(mole, aspect))}
            >
              {t("marks.withCoin")}
            </button>
          )}
          <button type="button" className="large" onClick={() => done({ mole: rounded(mole) })}>
            {t("marks.withoutCoin")}
          </button>
          <button type="button" className="quiet" onClick={() => done(null)}>
            {t("marks.unmarked")}
          </button>
        </div>
        <p className="hint">{t("marks.coinWhy")}</p>
      </div>
    );
  }
  const covering = overlap(mole, coin);
  return (
    <div className="marking">
      <div className="field">
        <label htmlFor="coin">{t("marks.which")}</label>
        <select
          id="coin"
          value={object ?? ""}
          onChange={({ target }) => setObject(target.value ? (target.value as CoinKey) : null)}
        >
          <option value="">{t("marks.choose")}</option>
          {coins.map((each) => (
            <option key={each.key} value={each.key}>
              {labelOf(each.labels)}
            </option>
          ))}
        </select>
      </div>
      <p>{t("marks.coinDraw")}</p>
      <CircleEditor
        photograph={photograph}
        circle={coin}
        other={mole}
        change={setCoin}
        label={t("marks.coin")}
      />
      {covering && <p className="fault">{t("marks.covering")}</p>}
      <div className="steps">
        <button
          type="button"
          className="primary large"
          disabled={!object || covering}
          onClick={() =>
            object && done({ mole: rounded(mole), scale: { object, ...rounded(coin) } })
          }
        >
          {t("marks.done")}
        </button>
        <button type="button" className="large" onClick={() => turn(null)}>
          {t("marks.noCoin")}
        </button>
      </div>
    </div>
  );
}

/** Where the guide asks for the coin, or on the other side of the mole where that would cover it. */
function beside(mole: Circle, aspect: number): Circle {
  const first = firstCircle("coin", aspect);
  if (!overlap(mole, first)) return first;
  const away = (mole.diameter + first.diameter) / 2 + 0.05;
  return { ...first, y: mole.y > aspect / 2 ? Math.max(0, mole.y - away) : mole.y + away };
}
