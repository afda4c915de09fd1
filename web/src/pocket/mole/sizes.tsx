/** The size over time, with its doubt: a drawing for the eye and the same numbers in a table. */
import { useTranslation } from "react-i18next";
import { when } from "../dates";
import type { TakenImage } from "../shapes";
import { millimetres } from "./millimetres";
import { type Measured, measured } from "./order";

const [WIDE, HIGH, EDGE] = [320, 120, 16];

export function Sizes({ images }: { images: readonly TakenImage[] }) {
  const { t } = useTranslation("pocket");
  const known = measured(images);
  if (known.length === 0) return null;
  return (
    <section className="sizes">
      <h2>{t("mole.sizes")}</h2>
      {known.length > 1 && <Drawing known={known} />}
      <table className="size-table">
        <tbody>
          {known.map(({ image_id, taken_on, mm, error }) => (
            <tr key={image_id}>
              <th scope="row">{taken_on ? when(taken_on) : t("mole.noDate")}</th>
              <td>{millimetres(mm, error)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">{t("mole.doubt")}</p>
    </section>
  );
}

/** From nothing upwards: a growth of a tenth looks like a tenth. */
function Drawing({ known }: { known: readonly Measured[] }) {
  const most = Math.max(...known.map(({ mm, error }) => mm + error), 1);
  const x = (at: number) => EDGE + (at * (WIDE - 2 * EDGE)) / Math.max(known.length - 1, 1);
  const y = (mm: number) => HIGH - EDGE / 2 - (Math.max(mm, 0) * (HIGH - EDGE)) / most;
  const line = known.map(({ mm }, at) => `${x(at)},${y(mm)}`).join(" ");
  return (
    <svg className="size-drawing" viewBox={`0 0 ${WIDE} ${HIGH}`} aria-hidden="true">
      <line x1="0" x2={WIDE} y1={y(0)} y2={y(0)} className="size-ground" />
      <polyline points={line} className="size-line" />
      {known.map(({ image_id, mm, error }, at) => (
        <g key={image_id}>
          <line
            x1={x(at)}
            x2={x(at)}
            y1={y(mm - error)}
            y2={y(mm + error)}
            className="size-doubt"
          />
          <circle cx={x(at)} cy={y(mm)} r="4" className="size-dot" />
        </g>
      ))}
    </svg>
  );
}
