/** Choosing a report's file, with the confirmation without which none may be sent. */
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { megabytes } from "../../language/format";
import { MAX_REPORT_BYTES, REPORT_TYPES } from "./report-file";

/** Of less, nobody asks the size. */
const SMALL = 100 * 1024;

export interface Chosen {
  file: File | null;
  covered: boolean;
}

interface Shown {
  chosen: Chosen;
  change: (chosen: Chosen) => void;
  /** The confirmation was asked for and is missing. */
  missing: boolean;
  disabled?: boolean;
}

export function ReportField({ chosen, change, missing, disabled }: Shown) {
  const { t } = useTranslation("follow_up");
  const id = useId();
  return (
    <fieldset className="field report-field" disabled={disabled}>
      <legend>{t("report.title")}</legend>
      <p className="hint" id={`${id}-hint`}>
        {t("report.rules", { size: megabytes(MAX_REPORT_BYTES) })}
      </p>
      <div className="beside">
        <label className="button file">
          <input
            type="file"
            accept={REPORT_TYPES}
            aria-describedby={`${id}-hint`}
            onChange={({ target }) => {
              change({ ...chosen, file: target.files?.[0] ?? null });
              // The same file may be chosen again after it was changed.
              target.value = "";
            }}
          />
          {t(chosen.file ? "report.other" : "report.choose")}
        </label>
        {chosen.file && (
          <>
            <span className="file-name">{chosen.file.name}</span>
            {chosen.file.size > SMALL && <small>{megabytes(chosen.file.size)}</small>}
            <button
              type="button"
              className="quiet"
              onClick={() => change({ file: null, covered: false })}
            >
              {t("report.without")}
            </button>
          </>
        )}
      </div>
      {chosen.file && (
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={chosen.covered}
              aria-invalid={missing}
              aria-describedby={`${id}-covered`}
              onChange={({ target }) => change({ ...chosen, covered: target.checked })}
            />
            {t("report.covered")}
          </label>
          <p className={missing ? "fault" : "hint"} id={`${id}-covered`}>
            {t(missing ? "report.coveredMissing" : "report.coveredWhy")}
          </p>
        </>
      )}
    </fieldset>
  );
}
