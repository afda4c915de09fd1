/** The readings of a case side by side, each with the outline its reader drew. */
import { useTranslation } from "react-i18next";
import type { Image } from "../api/contract";
import { useClassName } from "../images/opinion";
import { moment } from "../language/format";
import { seconds } from "./format";
import type { Case, CaseReading, Points } from "./shapes";
import { useLogin } from "./use-login";

export function CaseReadings({ of, image }: { of: Case; image: Image }) {
  const { t } = useTranslation("oversight");
  if (of.readings.length === 0) return <p>{t("cases.noReadings")}</p>;
  let first = 0;
  return (
    <ol className="readings">
      {of.readings.map((reading) => {
        if (reading.round === "first") first += 1;
        const name =
          reading.round === "arbitration" ? "arbitration" : first === 1 ? "first" : "second";
        return <Reading key={reading.reading_id} round={name} reading={reading} image={image} />;
      })}
    </ol>
  );
}

interface Shown {
  round: "first" | "second" | "arbitration";
  reading: CaseReading;
  image: Image;
}

function Reading({ round, reading, image }: Shown) {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  const login = useLogin();
  const who = reading.account_id ? login(reading.account_id) : t("cases.reader");
  return (
    <li>
      <article className="reading">
        <h3>
          {t(`cases.rounds.${round}`)} <small>{who}</small>
        </h3>
        <Drawn url={image.urls.thumbnail ?? image.urls.image} points={reading.outline} />
        <p className="verdict">{nameOf(reading.diagnosis)}</p>
        <Said reading={reading} />
        {!reading.final && <p className="hint">{t("cases.undoable")}</p>}
      </article>
    </li>
  );
}

function Said({ reading }: { reading: CaseReading }) {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  const said: [string, string | null][] = [
    [t("cases.differential"), reading.differential.map(nameOf).join(", ") || null],
    [
      t("cases.confidence"),
      reading.confidence === null ? null : t("cases.ofFive", { value: reading.confidence }),
    ],
    [t("cases.quality"), t(`cases.qualities.${reading.image_quality}`)],
    [t("cases.comment"), reading.comment],
    [t("cases.time"), reading.seconds === null ? null : seconds(reading.seconds)],
    [t("cases.at"), moment(reading.at)],
    [t("cases.protocol"), t("cases.version", { version: reading.protocol })],
  ];
  return (
    <dl className="said">
      {said.map(
        ([name, words]) =>
          words && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{words}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** The image small, under the outline. */
function Drawn({ url, points }: { url: string | null; points: Points | null }) {
  const { t } = useTranslation("oversight");
  const path = points?.map(([x, y]) => `${x},${y}`).join(" ");
  return (
    <div className="frame small">
      {url && <img src={url} alt="" />}
      {path ? (
        <svg className="outline" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          <polygon points={path} className="outline-under" />
          <polygon points={path} className="outline-over" />
        </svg>
      ) : (
        <span className="caption">{t("cases.noOutlineDrawn")}</span>
      )}
    </div>
  );
}
