/** What became of an image step by step, and what was said and changed of it before. */
import { useTranslation } from "react-i18next";
import type { Image } from "../api/contract";
import { moment } from "../language/format";
import { useClassName } from "./opinion";

export function History({ image }: { image: Image }) {
  const { t } = useTranslation();
  return (
    <details>
      <summary>{t("image.history")}</summary>
      <ol className="history">
        {image.history.map((step) => (
          <li key={`${step.state} ${step.at}`}>
            {t(`state.${step.state}`)}
            <small>{moment(step.at)}</small>
          </li>
        ))}
      </ol>
      <EarlierOpinions image={image} />
      {image.width && image.height && (
        <p className="hint">{t("image.size", { width: image.width, height: image.height })}</p>
      )}
    </details>
  );
}

/** What models said that were active before. */
function EarlierOpinions({ image }: { image: Image }) {
  const { t } = useTranslation();
  const nameOf = useClassName();
  if (image.earlier_opinions.length === 0) return null;
  return (
    <>
      <h3>{t("opinion.earlier")}</h3>
      <ol className="history">
        {image.earlier_opinions.map(({ model, at, top, abstained }) => (
          <li key={`${model.name} ${model.version}`}>
            {abstained ? t("opinion.abstained") : t("opinion.top", { name: nameOf(top) })}
            <small>
              {t("opinion.model", { name: model.name, version: model.version })}, {moment(at)}
            </small>
          </li>
        ))}
      </ol>
    </>
  );
}
