/** Everything once more before it goes; each line leads back to where it was answered. */
import { useTranslation } from "react-i18next";
import { counted } from "../../language/format";
import { type Answers, SIGNS } from "../shapes";

interface Shown {
  photographs: number;
  answers: Answers;
  text: string;
  /** Within how many days the clinic answers. */
  days: number | undefined;
  busy: boolean;
  failed: boolean;
  change: (to: "photographs" | number | "words") => void;
  send: () => void;
}

export function Review({ photographs, answers, text, days, busy, failed, change, send }: Shown) {
  const { t } = useTranslation("pocket");
  const lines = [
    {
      to: "photographs" as const,
      name: t("ask.photographsShort"),
      said: counted(photographs, t("photographs", { returnObjects: true })),
    },
    ...SIGNS.map((sign, at) => ({
      to: at,
      name: t(`ask.signs.${sign}.short`),
      said: t(`ask.said.${answers[sign] ?? "unknown"}`),
    })),
    { to: "words" as const, name: t("ask.wordsShort"), said: text || t("ask.noWords") },
  ];
  return (
    <>
      <dl className="review">
        {lines.map((line) => (
          <div key={line.name}>
            <dt>{line.name}</dt>
            <dd>{line.said}</dd>
            <dd>
              <button type="button" className="link" onClick={() => change(line.to)}>
                {t("ask.change")}
                <span className="unseen">: {line.name}</span>
              </button>
            </dd>
          </div>
        ))}
      </dl>
      {days !== undefined && (
        <p>{t("ask.within", { days: counted(days, t("days", { returnObjects: true })) })}</p>
      )}
      <p>{t("ask.doNotWait")}</p>
      {failed && (
        <p className="failure" role="alert">
          {t("photograph.notKept")}
        </p>
      )}
      <button type="button" className="primary large" disabled={busy} onClick={send}>
        {busy ? t("ask.sending") : t("ask.send")}
      </button>
    </>
  );
}
