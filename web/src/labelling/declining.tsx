/** Giving an image back, with a reason: another expert is found for it. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "../ui/confirm";
import { decline } from "./queries";

const REASONS = ["knowPatient", "notMine", "identifies", "other"] as const;
const MOST_LETTERS = 500;

interface Shown {
  assignmentId: string;
  declined: () => void;
  close: () => void;
}

export function Declining({ assignmentId, declined, close }: Shown) {
  const { t } = useTranslation("reading");
  const [reason, setReason] = useState<(typeof REASONS)[number] | null>(null);
  const [words, setWords] = useState("");
  const said = reason === "other" ? words.trim() : reason && t(`declining.${reason}`);
  return (
    <Confirm
      title={t("declining.title")}
      act={t("declining.act")}
      blocked={!said}
      close={close}
      perform={async () => {
        await decline(assignmentId, said || "");
        declined();
      }}
    >
      <fieldset className="reasons">
        <legend>{t("declining.why")}</legend>
        {REASONS.map((each) => (
          <label key={each} className="check">
            <input
              type="radio"
              name="reason"
              checked={reason === each}
              onChange={() => setReason(each)}
            />
            {t(`declining.${each}`)}
          </label>
        ))}
      </fieldset>
      {reason === "other" && (
        <div className="field">
          <label htmlFor="decline-reason">{t("declining.reason")}</label>
          <textarea
            id="decline-reason"
            rows={3}
            maxLength={MOST_LETTERS}
            aria-describedby="decline-hint"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <small id="decline-hint">{t("commentHint")}</small>
        </div>
      )}
    </Confirm>
  );
}
