/** How far experts agree, with intervals, beside what was published; and what they take for what. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useClassName } from "../images/opinion";
import { Confusion } from "./confusion";
import { Doubted } from "./doubted";
import { FigureLine } from "./figure-line";
import { coefficient, ends, outOf, share, tail, whole } from "./format";
import type { Agreement } from "./shapes";

const FIGURES = ["raw_agreement", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha"] as const;

export function AgreementPart({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation("oversight");
  const { cases } = agreement;
  if (cases === 0) {
    return (
      <section className="part">
        <h2>{t("overview.agreement")}</h2>
        <p>{t("overview.fewCases")}</p>
      </section>
    );
  }
  return (
    <>
      <div className="overview-parts">
        <section className="part">
          <h2>
            {t("overview.agreement")}{" "}
            <small>
              {t(endsInOne(cases) ? "overview.ofCases.one" : "overview.ofCases.many", {
                amount: whole(cases),
              })}
            </small>
          </h2>
          <Figures agreement={agreement} />
        </section>
        <section className="part">
          <h2>{t("overview.disputes")}</h2>
          <Disputes agreement={agreement} />
        </section>
      </div>
      <div className="overview-parts wide-left">
        <section className="part">
          <h2>{t("overview.confusion")}</h2>
          <p className="hint measure">{t("overview.confusionWhy")}</p>
          <Confusion pairs={agreement.confusion} />
        </section>
        <section className="part">
          <h2>{t("overview.overturned")}</h2>
          <Overturned agreement={agreement} />
        </section>
      </div>
    </>
  );
}

/** "21 случаю", but "11 случаям": Russian's dative has two forms. */
function endsInOne(count: number): boolean {
  return count % 10 === 1 && count % 100 !== 11;
}

function Figures({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation("oversight");
  return (
    <table className="list figures">
      <thead>
        <tr>
          <th scope="col">{t("overview.figure")}</th>
          <th scope="col" className="number">
            {t("overview.value")}
          </th>
          <th scope="col">{t("overview.interval")}</th>
        </tr>
      </thead>
      <tbody>
        {FIGURES.map((name) => {
          const written = name === "raw_agreement" ? share : coefficient;
          return (
            <tr key={name}>
              <th scope="row">{t(`overview.names.${name}`)}</th>
              <td className="number" data-name={t("overview.value")}>
                {written(agreement[name].value)}
              </td>
              <td className="with-line" data-name={t("overview.interval")}>
                <FigureLine figure={agreement[name]} />
                {ends(agreement[name], written) || "—"}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Disputes({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation("oversight");
  const lines = [
    [t("overview.afterTwo"), agreement.disputed_after_two, 0.5],
    [t("overview.afterThree"), agreement.disputed_after_three, 0.1],
  ] as const;
  return (
    <table className="list figures">
      <thead>
        <tr>
          <th scope="col">{t("overview.figure")}</th>
          <th scope="col" className="number">
            {t("overview.ours")}
          </th>
          <th scope="col">{t("overview.published")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(([name, disputed, most]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number" data-name={t("overview.ours")}>
              <Doubted
                figure={disputed}
                written={share}
                beneath={disputed.of > 0 && outOf(disputed, t("overview.of"))}
              />
            </td>
            <td className="with-line" data-name={t("overview.published")}>
              <FigureLine figure={disputed} mark={disputed.published} most={most} />
              {t("overview.publishedUpTo", { share: share(disputed.published) })}
              <small className="beneath">{t(`overview.${beside(disputed)}`)}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a share says beside the published one; bad luck alone alarms nobody. */
export function beside(
  disputed: Agreement["disputed_after_two"],
): "within" | "above" | "maybeAbove" {
  const { value, low, published } = disputed;
  if (value === null || value <= published) return "within";
  return low !== null && low > published ? "above" : "maybeAbove";
}

const FIRST_SHOWN = 8;

function Overturned({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  const shown = agreement.overturned.slice(0, FIRST_SHOWN);
  const hidden = agreement.overturned.length - shown.length;
  if (shown.length === 0) return <p>{t("overview.overturnedNone")}</p>;
  return (
    <ul className="rows overturned">
      {shown.map(({ image_id, verdict, truth }) => (
        <li key={image_id}>
          <Link to={`/cases/${image_id}`}>{tail(image_id)}</Link>
          <span>
            {t("overview.readAs", { verdict: nameOf(verdict) })},{" "}
            {t("overview.provedTo", { truth: nameOf(truth) })}
          </span>
        </li>
      ))}
      {hidden > 0 && (
        <li>
          <Link to="/cases?state=overridden">{t("overview.more", { count: hidden })}</Link>
        </li>
      )}
    </ul>
  );
}
