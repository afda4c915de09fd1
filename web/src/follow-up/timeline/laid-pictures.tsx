/** Photographs drawn where they lie on one another, in one SVG frame. */
import { type KeyboardEvent, type PointerEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { day } from "../../language/format";
import type { TimelineImage } from "../queries";
import type { Pair } from "./comparison";
import { useLasting } from "./lasting";
import type { Frame, Laid } from "./laying";

interface Drawn {
  image: TimelineImage;
  laid: Laid;
  outlined: boolean;
  renew: () => void;
  /** The id of what cuts it. */
  cut?: string;
  hidden?: boolean;
}

export function LaidPicture({ image, laid, outlined, renew, cut, hidden }: Drawn) {
  const { url, failed } = useLasting(image.urls.image, renew);
  return (
    <g clipPath={cut ? `url(#${cut})` : undefined} visibility={hidden ? "hidden" : undefined}>
      {url && (
        <image
          href={url}
          width={1}
          height={laid.height}
          preserveAspectRatio="none"
          transform={`matrix(${laid.matrix.join(" ")})`}
          onError={failed}
        />
      )}
      {outlined && laid.outline && <Traced points={laid.outline} />}
    </g>
  );
}

function Traced({ points }: { points: NonNullable<Laid["outline"]> }) {
  const path = points.map((point) => point.join(",")).join(" ");
  return (
    <g className="traced">
      <polygon points={path} className="outline-under" />
      <polygon points={path} className="outline-over" />
    </g>
  );
}

export function boxOf({ x, y, width, height }: Frame): string {
  return `${x} ${y} ${width} ${height}`;
}

export function SideBySide({ pair }: { pair: Pair }) {
  const { before, after, laid, frame, outlined, renew } = pair;
  return (
    <div className="side-by-side">
      <Single image={before} laid={laid[0]} {...{ frame, outlined, renew }} />
      <Single image={after} laid={laid[1]} {...{ frame, outlined, renew }} />
    </div>
  );
}

function Single({ frame, ...drawn }: Drawn & { frame: Frame }) {
  const { t } = useTranslation("follow_up");
  const said = t("compare.of", { day: day(drawn.image.day) });
  return (
    <figure>
      <svg className="laid" viewBox={boxOf(frame)} role="img" aria-label={said}>
        <LaidPicture {...drawn} />
      </svg>
      <figcaption>{day(drawn.image.day)}</figcaption>
    </figure>
  );
}

/** The earlier one on the left of the line, the later one on the right. */
export function Slid({ pair }: { pair: Pair }) {
  const { t } = useTranslation("follow_up");
  const { before, after, laid, frame, outlined, renew } = pair;
  const [share, setShare] = useState(0.5);
  const cut = useId();
  const at = frame.x + frame.width * share;

  function follow(event: PointerEvent<SVGSVGElement>) {
    if (event.type === "pointermove" && event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    setShare(Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1));
  }

  function step(event: KeyboardEvent<HTMLInputElement>) {
    const ends: Record<string, number> = { Home: 0, End: 1 };
    const end = ends[event.key];
    if (end !== undefined) setShare(end);
  }

  return (
    <div className="slid">
      <figure>
        <svg
          className="laid"
          viewBox={boxOf(frame)}
          role="img"
          aria-label={t("compare.both", { before: day(before.day), after: day(after.day) })}
          onPointerDown={follow}
          onPointerMove={follow}
        >
          <clipPath id={cut}>
            <rect x={at} y={frame.y - 1} width={frame.width + 1} height={frame.height + 2} />
          </clipPath>
          <LaidPicture image={before} laid={laid[0]} {...{ outlined, renew }} />
          <LaidPicture image={after} laid={laid[1]} cut={cut} {...{ outlined, renew }} />
          <line x1={at} x2={at} y1={frame.y} y2={frame.y + frame.height} className="slid-line" />
        </svg>
        <figcaption>
          <span>{day(before.day)}</span>
          <span>{day(after.day)}</span>
        </figcaption>
      </figure>
      <label className="unseen-label">
        <span className="unseen">{t("compare.where")}</span>
        <input
          type="range"
          min={0}
          max={100}
          value={Math.round(share * 100)}
          onChange={({ target }) => setShare(Number(target.value) / 100)}
          onKeyDown={step}
        />
      </label>
    </div>
  );
}
