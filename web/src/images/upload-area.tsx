/** Where images come in: dropped, chosen or taken with the camera. */
import { useQuery } from "@tanstack/react-query";
import { type ChangeEvent, type DragEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Kind } from "../api/contract";
import { Unreachable } from "../api/errors";
import { configQuery } from "../api/queries";
import { megabytes, percent } from "../language/format";
import { RequestNumber, useSentence } from "../ui/failure";
import { BadFile, prepare } from "./declaring";
import { StoreRefused } from "./sending";
import { addUploads, dropUpload, retryUpload, type Step, type Upload, useUploads } from "./uploads";

const KINDS: readonly Kind[] = ["dermoscopic", "macroscopic"];

interface Shown {
  lesionId: string;
  arrived: (imageId: string) => void;
}

export function UploadArea({ lesionId, arrived }: Shown) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>("dermoscopic");
  const [over, setOver] = useState(false);
  const uploads = useUploads(lesionId, arrived);
  const config = useQuery(configQuery).data;
  const title = useId();
  useEffect(() => void prepare(), []);

  function add(files: Iterable<File>) {
    addUploads(lesionId, files, kind);
  }

  function dropped(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  }

  return (
    <section className="upload" aria-labelledby={title}>
      <h2 id={title}>{t("upload.title")}</h2>
      {/* Dropping is one way of three; the buttons inside are for the keyboard. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <fieldset className="field inline">
          <legend>{t("upload.kind")}</legend>
          <div className="chips">
            {KINDS.map((each) => (
              <label key={each} className="chip">
                <input
                  type="radio"
                  name="kind"
                  checked={kind === each}
                  onChange={() => setKind(each)}
                />
                <span>{t(`upload.${each}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <p className="drop-here">{t("upload.drop")}</p>
        <div className="actions">
          <FileButton label={t("upload.choose")} multiple picked={add} />
          <FileButton label={t("upload.camera")} camera picked={add} />
        </div>
        {config && (
          <p className="hint">{t("upload.rules", { size: megabytes(config.upload.max_bytes) })}</p>
        )}
      </div>
      {uploads.length > 0 && (
        <ul className="rows uploads">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface Button {
  label: string;
  multiple?: boolean;
  camera?: boolean;
  picked: (files: File[]) => void;
}

function FileButton({ label, multiple, camera, picked }: Button) {
  function changed({ target }: ChangeEvent<HTMLInputElement>) {
    picked(Array.from(target.files ?? []));
    // The same file may be chosen again after it was removed.
    target.value = "";
  }
  return (
    <label className={camera ? "button file camera" : "button file"}>
      <input
        type="file"
        accept="image/jpeg,image/png"
        multiple={multiple}
        capture={camera ? "environment" : undefined}
        onChange={changed}
      />
      {label}
    </label>
  );
}

function UploadRow({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const failed = upload.step === "failed";
  // The same file would fail in the same way.
  const hopeless = upload.error instanceof BadFile;
  return (
    <li>
      <img
        src={upload.preview}
        alt=""
        width="56"
        height="56"
        onError={({ currentTarget }) => {
          currentTarget.hidden = true;
        }}
      />
      <div className="grow">
        <strong className="file-name">{upload.file.name}</strong>
        {failed ? (
          <div role="alert">
            <p className="fault">
              <UploadFault error={upload.error} />
            </p>
            <RequestNumber error={upload.error} />
          </div>
        ) : (
          <>
            <progress value={shareDone(upload)} aria-label={upload.file.name} />
            <small>
              {t(`upload.${upload.step as Exclude<Step, "failed">}`, {
                percent: percent(upload.progress),
              })}
            </small>
          </>
        )}
      </div>
      {failed && !hopeless && (
        <button type="button" onClick={() => retryUpload(upload)}>
          {t("retry")}
        </button>
      )}
      <button type="button" className="quiet" onClick={() => dropUpload(upload)}>
        {failed ? t("upload.remove") : t("cancel")}
      </button>
    </li>
  );
}

/** Unknown while it is read and a slot is asked: the bar moves. */
function shareDone({ step, progress }: Upload): number | undefined {
  if (step === "waiting") return 0;
  return step === "sending" ? progress : undefined;
}

function UploadFault({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const config = useQuery(configQuery).data;
  if (error instanceof BadFile) {
    return t(`upload.${error.why}`, { size: megabytes(config?.upload.max_bytes ?? 0) });
  }
  if (error instanceof StoreRefused) return t("upload.refused", { code: error.code });
  if (error instanceof Unreachable) return t("upload.lost");
  return sentence(error);
}
