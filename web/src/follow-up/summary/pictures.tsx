/** Photographs of a lesion on the sheet: the outline and a bar of its scale drawn over them. */
import { useTranslation } from "react-i18next";
import { useDiameter } from "../../images/measurements";
import { amount } from "../../images/quantity";
import { day } from "../../language/format";
import type { TimelineImage } from "../queries";
import { useLasting } from "../timeline/lasting";
import { heightOf } from "../timeline/laying";
import { chosenThree, scaleBar } from "./scale";

interface Shown {
  images: readonly TimelineImage[];
  renew: () => void;
}

export function Pictures({ images, renew }: Shown) {
  const { t } = useTranslation("follow_up");
  const clear = images.filter((each) => each.urls.image);
  const through = clear.filter((each) => each.kind === "dermoscopic");
  const shown = chosenThree(through.length > 0 ? through : clear);
  if (shown.length === 0) return <p>{t("summary.noImages")}</p>;
  return (
    <div className="sheet-pictures" data-number={shown.length}>
      {shown.map((image) => (
        <Picture key={image.image_id} image={image} renew={renew} />
      ))}
    </div>
  );
}

function Picture({ image, renew }: { image: TimelineImage; renew: () => void }) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const diameterOf = useDiameter();
  const { url, failed } = useLasting(image.urls.image, renew);
  const height = heightOf(image);
  const kind = common(`kind.${image.kind}`);
  return (
    <figure>
      <svg className="laid" viewBox={`0 0 1 ${height}`} role="img" aria-label={kind}>
        {url && (
          <image href={url} width={1} height={height} preserveAspectRatio="none" onError={failed} />
        )}
        {image.outline && <Traced points={image.outline} height={height} />}
        <Bar image={image} height={height} />
      </svg>
      <figcaption>
        <strong>{day(image.day)}</strong>
        {image.measurements
          ? t("summary.diameter", { diameter: diameterOf(image.measurements) })
          : kind}
        <small>
          {image.pixel_spacing_mm ? "" : t("summary.noScale")}
          {image.measurements?.cut ? ` ${t("figures.atLeast")}` : ""}
        </small>
      </figcaption>
    </figure>
  );
}

function Traced({ points, height }: { points: readonly (readonly number[])[]; height: number }) {
  const path = points.map(([x = 0, y = 0]) => `${x},${y * height}`).join(" ");
  return (
    <g className="traced">
      <polygon points={path} className="outline-under" />
      <polygon points={path} className="outline-over" />
    </g>
  );
}

function Bar({ image, height }: { image: TimelineImage; height: number }) {
  const { t } = useTranslation("follow_up");
  const bar = scaleBar(image.width, image.pixel_spacing_mm);
  if (!bar) return null;
  const [x, y] = [0.04, height - 0.05];
  return (
    <g className="scale-bar">
      <rect x={x - 0.02} y={y - 0.075} width={bar.share + 0.04} height={0.1} rx={0.01} />
      <line x1={x} x2={x + bar.share} y1={y} y2={y} />
      <text x={x + bar.share / 2} y={y - 0.02} textAnchor="middle">
        {amount(bar.mm, bar.mm < 1 ? 1 : 0, t("unit.mm"))}
      </text>
    </g>
  );
}
