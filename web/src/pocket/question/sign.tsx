/** One sign a page, with three large answers: "I do not know" is one of them. */
import { useTranslation } from "react-i18next";
import type { Sign as Name, Said } from "../shapes";

const ANSWERS: readonly Said[] = ["yes", "no", "unknown"];

interface Shown {
  sign: Name;
  answer: Said | undefined;
  said: (answer: Said) => void;
}

export function Sign({ sign, answer, said }: Shown) {
  const { t } = useTranslation("pocket");
  return (
    <>
      <p>{t(`ask.signs.${sign}.why`)}</p>
      <fieldset className="answers" aria-label={t(`ask.signs.${sign}.title`)}>
        {ANSWERS.map((each) => (
          <button
            key={each}
            type="button"
            className="large"
            aria-pressed={answer === each}
            onClick={() => said(each)}
          >
            {t(`ask.said.${each}`)}
          </button>
        ))}
      </fieldset>
    </>
  );
}
