/** The patient's own words, if there is something to add. */
import { useTranslation } from "react-i18next";

const LONGEST = 2000;

interface Shown {
  text: string;
  change: (text: string) => void;
  go: () => void;
}

export function Words({ text, change, go }: Shown) {
  const { t } = useTranslation("pocket");
  return (
    <>
      <p id="own-words-why">{t("ask.wordsWhy")}</p>
      <textarea
        className="own-words"
        rows={6}
        maxLength={LONGEST}
        value={text}
        aria-label={t("ask.words")}
        aria-describedby="own-words-why"
        onChange={({ target }) => change(target.value)}
      />
      <button type="button" className="primary large" onClick={go}>
        {t(text.trim() ? "ask.next" : "ask.nothing")}
      </button>
    </>
  );
}
