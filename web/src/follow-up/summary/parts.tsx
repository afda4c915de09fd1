/** What the sheet says in words and figures: opinions, what was found, and the course. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { imageQuery } from "../../api/queries";
import { caseOf, Readings } from "../../images/case-readings";
import { useDiameter } from "../../images/measurements";
import { Opinion, useClassName } from "../../images/opinion";
import { difference } from "../../images/quantity";
import { Verdict } from "../../images/verdict";
import { day, dayInBrief } from "../../language/format";
import { useTreatmentName } from "../../patients/course";
import { useFacts } from "../histology/result";
import type { LesionHistology, Timeline, TimelineImage } from "../queries";
import { latestCompared, useChange } from "../timeline/changes";

/** So many rows fit beside the rest; the others are on the lesion's page. */
const ROWS = 6;

/** The model's opinion of the latest image that has one, and the experts' where there is a verdict. */
export function Opinions({ images }: { images: readonly TimelineImage[] }) {
  const { t } = useTranslation("follow_up");
  const latest = images.findLast((each) => each.opinion !== null);
  const read = images.findLast(({ state }) => state === "labelled" || state === "disputed");
  const image = useQuery({ ...imageQuery(latest?.image_id ?? ""), enabled: latest !== undefined });
  return (
    <>
      <section>
        {latest && <p className="sheet-of">{t("summary.ofImage", { day: day(latest.day) })}</p>}
        {image.data?.classification && <Opinion opinion={image.data.classification} most={4} />}
        {!latest && <p>{t("summary.noOpinion")}</p>}
      </section>
      {read && <Read image={read} />}
    </>
  );
}

/** Rules by which nothing tells whether the readings are finished. */
const WITHOUT_READINGS: readonly unknown[] = ["histology", "follow_up", "document"];

function Read({ image }: { image: TimelineImage }) {
  const enabled = !WITHOUT_READINGS.includes(image.label?.rule);
  const found = useQuery({ ...caseOf(image.image_id), retry: false, enabled });
  return (
    <section>
      <Verdict label={image.label} />
      {found.data && found.data.readings.length > 0 && <Readings found={found.data} />}
    </section>
  );
}

export function Found({ histology }: { histology: LesionHistology }) {
  const { t } = useTranslation("follow_up");
  const nameOf = useClassName();
  const factsOf = useFacts();
  const results = histology.results.filter((each) => !each.taken_back).slice(0, 2);
  return (
    <section>
      <h3>{t("histology.title")}</h3>
      {results.length === 0 && <p>{t("histology.empty")}</p>}
      {results.map((each) => (
        <div key={each.histology_id}>
          <p>
            <strong>
              {each.diagnosis === "unknown" ? t("histology.unknown") : nameOf(each.diagnosis)}
            </strong>
            {`, ${day(each.reported_on)}`}
            {each.icd10 && `, ${each.icd10}`}
          </p>
          <p>
            {factsOf(each)
              .map(([name, said]) => `${name}: ${said}`)
              .join("; ")}
          </p>
        </div>
      ))}
    </section>
  );
}

export function Course({ timeline }: { timeline: Timeline }) {
  const { t } = useTranslation("follow_up");
  const treatmentOf = useTreatmentName();
  const saidOf = useChange();
  const { alerts, growth, treatments } = timeline;
  const first = latestCompared(timeline.visits)?.since_first;
  return (
    <section>
      <h3>{t("timeline.title")}</h3>
      <Rows images={timeline.images} />
      {first && (
        <>
          <h4>{t("change.sinceFirst", { day: day(first.since) })}</h4>
          <ul>
            {saidOf(first).map(({ name, value, note }) => (
              <li key={name}>
                {name}: {value}
                {note && ` (${note})`}
              </li>
            ))}
          </ul>
        </>
      )}
      {growth.diameter_mm_per_month && (
        <p>
          {t("growth.title")}: {difference(growth.diameter_mm_per_month, t("unit.mmMonth"))}
        </p>
      )}
      {alerts.length > 0 && <h4>{t("alerts.title")}</h4>}
      <ul>
        {alerts.map((each) => (
          <li key={each.code}>{each.message}</li>
        ))}
      </ul>
      {treatments.length > 0 && (
        <p>
          {t("treatments.title")}:{" "}
          {treatments.map((each) => `${treatmentOf(each.what)}, ${day(each.done_on)}`).join("; ")}
        </p>
      )}
    </section>
  );
}

function Rows({ images }: { images: readonly TimelineImage[] }) {
  const { t } = useTranslation("follow_up");
  const diameterOf = useDiameter();
  const measured = images.filter((each) => each.measurements);
  const shown = measured.slice(-ROWS);
  if (shown.length === 0) return <p>{t("summary.notMeasured")}</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("figures.day")}</th>
          <th scope="col">{t("measured.diameter")}</th>
          <th scope="col">{t("figures.axes")}</th>
          <th scope="col">{t("figures.colours")}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ image_id: id, day: on, measurements }) => (
          <tr key={id}>
            <th scope="row">{dayInBrief(on)}</th>
            <td>{measurements && diameterOf(measurements)}</td>
            <td>{measurements?.asymmetry.axes}</td>
            <td>{measurements?.colours_present.length}</td>
          </tr>
        ))}
      </tbody>
      {measured.length > ROWS && (
        <caption>{t("summary.latestRows", { shown: ROWS, all: measured.length })}</caption>
      )}
    </table>
  );
}
