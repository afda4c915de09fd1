/** Everything measured, photograph by photograph, as a table: the plot's text alternative. */
import { useTranslation } from "react-i18next";
import { labelOf } from "../../images/label";
import { axesOf, useDiameter } from "../../images/measurements";
import { useClassName } from "../../images/opinion";
import { measured } from "../../images/quantity";
import { day, percent } from "../../language/format";
import type { Timeline, TimelineImage } from "../queries";

export function Figures({ timeline }: { timeline: Timeline }) {
  const { t } = useTranslation("follow_up");
  return (
    <div className="figures-part">
      <h2 id="figures">{t("figures.title")}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard on a narrow screen */}
      <section className="wide-table" aria-labelledby="figures" tabIndex={0}>
        <table className="list figures">
          <thead>
            <tr>
              <th scope="col">{t("figures.day")}</th>
              <th scope="col">{t("measured.diameter")}</th>
              <th scope="col">{t("measured.area")}</th>
              <th scope="col">{t("figures.axes")}</th>
              <th scope="col">{t("figures.colours")}</th>
              <th scope="col">{t("figures.opinion")}</th>
              <th scope="col">{t("label.title")}</th>
            </tr>
          </thead>
          <tbody>
            {timeline.images.map((image) => (
              <Row key={image.image_id} image={image} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="hint">{t("figures.means")}</p>
    </div>
  );
}

function Row({ image }: { image: TimelineImage }) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const nameOf = useClassName();
  const diameterOf = useDiameter();
  const { measurements: sizes, opinion } = image;
  const label = labelOf(image.label);
  const area =
    sizes &&
    (sizes.area_mm2
      ? measured(sizes.area_mm2, t("unit.mm2"))
      : t("measured.ofArea", { share: percent(sizes.area_share) }));
  return (
    <tr>
      <th scope="row">
        {day(image.day)}
        <small>
          {image.day_is === "received" ? t("figures.received") : ""}
          {image.kind === "macroscopic" && ` ${common("kind.macroscopic")}`}
        </small>
      </th>
      <td data-name={t("measured.diameter")}>
        {sizes ? diameterOf(sizes) : "—"}
        {sizes?.cut && <small>{t("figures.atLeast")}</small>}
      </td>
      <td data-name={t("measured.area")}>{area ?? "—"}</td>
      <td data-name={t("figures.axes")}>{sizes ? axesOf(sizes.asymmetry.axes) : "—"}</td>
      <td data-name={t("figures.colours")}>{sizes ? sizes.colours_present.length : "—"}</td>
      <td data-name={t("figures.opinion")}>
        {!opinion
          ? "—"
          : opinion.abstained || opinion.probability === null
            ? t("figures.noAnswer")
            : `${nameOf(opinion.top)}, ${percent(opinion.probability)}`}
      </td>
      <td data-name={t("label.title")}>{label ? nameOf(label.diagnosis) : "—"}</td>
    </tr>
  );
}
