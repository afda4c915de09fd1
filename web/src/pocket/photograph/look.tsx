/** The photograph large, and what may be wrong with it: the reason, what helps, and the way on all the same. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Findings } from "./checks";
import { judged } from "./judging";
import { Photograph } from "./photograph";

interface Shown {
  photograph: ImageBitmap;
  again: () => void;
  go: () => void;
}

export function Look({ photograph, again, go }: Shown) {
  const { t } = useTranslation("pocket");
  const [findings, setFindings] = useState<Findings | null>(null);
  useEffect(() => {
    let gone = false;
    void judged(photograph).then((found) => !gone && setFindings(found));
    return () => {
      gone = true;
    };
  }, [photograph]);
  const good = findings?.problems.length === 0;
  return (
    <div className="look">
      <Photograph of={photograph} label={t("photograph.taken")} />
      <div className="findings" role="status">
        {!findings && <p>{t("photograph.judging")}</p>}
        {good && <p>{t("photograph.good")}</p>}
        {findings && !good && (
          <>
            <h2>{t("photograph.better")}</h2>
            <ul>
              {findings.problems.map((problem) => (
                <li key={problem}>
                  <strong>{t(`photograph.problems.${problem}.what`)}</strong>{" "}
                  {t(`photograph.problems.${problem}.helps`)}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <div className="steps">
        <button
          type="button"
          className={good ? "primary large" : "large"}
          disabled={!findings}
          onClick={go}
        >
          {t(findings && !good ? "photograph.anyway" : "photograph.next")}
        </button>
        <button type="button" className={good ? "large" : "primary large"} onClick={again}>
          {t("photograph.again")}
        </button>
      </div>
    </div>
  );
}
