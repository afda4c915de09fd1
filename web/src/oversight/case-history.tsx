/** What the model said of the image of a case, and the image's way until now. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Image } from "../api/contract";
import { Opinion, useClassName } from "../images/opinion";
import { moment } from "../language/format";

export function CaseOpinion({ image }: { image: Image }) {
  const { t } = useTranslation("oversight");
  if (!image.classification) return <p className="hint">{t("cases.noOpinion")}</p>;
  return <Opinion opinion={image.classification} />;
}

export function CaseHistory({ image }: { image: Image }) {
  const { t } = useTranslation("oversight");
  return (
    <section className="part">
      <h2>{t("cases.history")}</h2>
      <Way image={image} />
      <Archive image={image} />
      {image.near_duplicates && image.near_duplicates.length > 0 && (
        <p>
          <Link to={`/duplicates/${image.near_duplicates[0]}`}>{t("cases.nearDuplicates")}</Link>
        </p>
      )}
      <p className="hint">
        {t("cases.ids", { id: image.image_id })}
        {image.width && image.height && (
          <> · {t("cases.sizes", { width: image.width, height: image.height })}</>
        )}
      </p>
    </section>
  );
}

function Way({ image }: { image: Image }) {
  const { t } = useTranslation("oversight");
  const { t: common } = useTranslation();
  const moves = image.changes.map(({ at, what, reason }) => ({
    at,
    what: `${t(`cases.change.${what}`)}: ${reason}`,
  }));
  const states = image.history.map(({ at, state }) => ({ at, what: common(`state.${state}`) }));
  const steps = [...states, ...moves].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <ol className="history narrow">
      {steps.map(({ at, what }) => (
        <li key={`${at} ${what}`}>
          {what}
          <small>{moment(at)}</small>
        </li>
      ))}
    </ol>
  );
}

/** The diagnosis that came with an archive, where one did. */
function Archive({ image }: { image: Image }) {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  const label = image.label;
  if (label?.retrospective !== true || typeof label.diagnosis !== "string") return null;
  return <p>{t("cases.retrospective", { diagnosis: nameOf(label.diagnosis) })}</p>;
}
