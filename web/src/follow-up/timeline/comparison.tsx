/** Two photographs of one lesion compared by eye: side by side, under a slider, or in turn. */
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { day } from "../../language/format";
import type { TimelineImage } from "../queries";
import { Blink } from "./blink";
import { SideBySide, Slid } from "./laid-pictures";
import { aligned, closeUp, type Frame, firstPair, heightOf, type Laid, lay, whole } from "./laying";

const MODES = ["side", "slider", "blink"] as const;
type Mode = (typeof MODES)[number];

interface Shown {
  images: readonly TimelineImage[];
  /** A link has run out: ask for new ones. */
  renew: () => void;
}

/** Both pictures where they are to be drawn. */
export interface Pair {
  before: TimelineImage;
  after: TimelineImage;
  laid: readonly [Laid, Laid];
  frame: Frame;
  outlined: boolean;
  renew: () => void;
}

export function Comparison({ images, renew }: Shown) {
  const { t } = useTranslation("follow_up");
  const shown = images.filter((each) => each.urls.image);
  const first = firstPair(images);
  const [ids, setIds] = useState<readonly [string, string] | null>(null);
  const [mode, setMode] = useState<Mode>("side");
  const [near, setNear] = useState(true);
  const [outlined, setOutlined] = useState(false);
  const title = useId();
  if (!first) return null;
  const byId = (id: string | undefined) => shown.find((each) => each.image_id === id);
  const before = byId(ids?.[0]) ?? first[0];
  const after = byId(ids?.[1]) ?? first[1];
  const pair = { ...laidPair(before, after, near), outlined, renew };
  const choose = (one: TimelineImage, other: TimelineImage) =>
    setIds([one.image_id, other.image_id]);
  return (
    <section className="comparison" aria-labelledby={title}>
      <div className="page-head">
        <h2 id={title}>{t("compare.title")}</h2>
        <fieldset className="chips">
          <legend className="unseen">{t("compare.how")}</legend>
          {MODES.map((each) => (
            <label key={each} className="chip">
              <input
                type="radio"
                name="comparison"
                checked={each === mode}
                onChange={() => setMode(each)}
              />
              <span>{t(`compare.${each}`)}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <div className="comparison-choice">
        <Choice
          label={t("compare.before")}
          images={shown}
          chosen={before}
          choose={(one) => choose(one, after)}
        />
        <Choice
          label={t("compare.after")}
          images={shown}
          chosen={after}
          choose={(other) => choose(before, other)}
        />
        <span className="checks">
          <label className="check">
            <input
              type="checkbox"
              checked={near}
              onChange={(event) => setNear(event.target.checked)}
            />
            {t("compare.near")}
          </label>
          <label className="check">
            <input
              type="checkbox"
              checked={outlined}
              onChange={(event) => setOutlined(event.target.checked)}
            />
            {t("compare.outlines")}
          </label>
        </span>
      </div>
      {mode === "side" && <SideBySide pair={pair} />}
      {mode === "slider" && <Slid pair={pair} />}
      {mode === "blink" && <Blink key={`${before.image_id} ${after.image_id}`} pair={pair} />}
      <p className="hint">{t(`compare.laid.${howLaid(before, after)}`)}</p>
    </section>
  );
}

function laidPair(before: TimelineImage, after: TimelineImage, near: boolean) {
  const byAlignment = aligned(before, after);
  const frame = whole(heightOf(before));
  const laid = [lay(before, frame, byAlignment), lay(after, frame, byAlignment)] as const;
  return { before, after, laid, frame: near ? closeUp(laid, frame) : frame };
}

function howLaid(one: TimelineImage, other: TimelineImage): "not" | "outline" | "spacing" {
  if (!one.alignment || !other.alignment) return "not";
  const bySize = [one, other].some((each) => each.alignment?.scaled_by === "outline");
  return bySize ? "outline" : "spacing";
}

interface Chosen {
  label: string;
  images: readonly TimelineImage[];
  chosen: TimelineImage;
  choose: (image: TimelineImage) => void;
}

function Choice({ label, images, chosen, choose }: Chosen) {
  const { t } = useTranslation();
  return (
    <label className="labelled">
      {label}
      <select
        value={chosen.image_id}
        onChange={({ target }) => {
          const found = images.find((each) => each.image_id === target.value);
          if (found) choose(found);
        }}
      >
        {images.map((each, at) => (
          <option key={each.image_id} value={each.image_id}>
            {`${at + 1}. ${day(each.day)}, ${t(`kind.${each.kind}`).toLocaleLowerCase()}`}
          </option>
        ))}
      </select>
    </label>
  );
}
