/** The gallery: every image that a preview would choose and nobody has looked at, one key each. */
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Refusal } from "../api/errors";
import { Page } from "../app/page";
import { counted, moment } from "../language/format";
import { Window } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { tail, whole } from "./format";
import { GalleryGrid } from "./gallery-grid";
import { Shortcuts } from "./keys";
import { KEYS, SAYINGS, type Saying, unseen } from "./look-marks";
import { NoPreview } from "./no-preview";
import { type Shown, useGallery } from "./use-gallery";
import "./words";
import "../styles/parts.css";
import "./oversight.css";
import "./gallery.css";

const SIZES = ["small", "medium", "large"] as const;
type Size = (typeof SIZES)[number];
const KEPT_SIZE = "rodinka.looks.size";

export function GalleryPage() {
  const { t } = useTranslation("oversight");
  const { code = "" } = useParams();
  const gallery = useGallery(code);
  return (
    <Page
      title={t("looks.gallery", { code })}
      above={<Link to="/looks">← {t("looks.back")}</Link>}
      aside={<Help />}
    >
      <Body code={code} gallery={gallery} />
    </Page>
  );
}

function Help() {
  const { t } = useTranslation("oversight");
  const named = Object.entries(KEYS).map(
    ([key, saying]) =>
      [key === "Space" ? t("keys.space") : key.slice(3), t(`looks.says.${saying}`)] as const,
  );
  return (
    <Shortcuts
      keys={[
        ...named,
        ["U", t("looks.undo")],
        ["Z", t("looks.enlarge")],
        ["← ↑ → ↓", t("looks.move")],
      ]}
    />
  );
}

function Key({ of }: { of: Saying }) {
  const { t } = useTranslation("oversight");
  const [key = ""] = Object.entries(KEYS).find(([, saying]) => saying === of) ?? [];
  return <kbd>{key === "Space" ? t("keys.space") : key.slice(3)}</kbd>;
}

function Body({ code, gallery }: { code: string; gallery: Shown }) {
  const { t } = useTranslation("oversight");
  const [size, setSize] = useSize();
  const [enlarged, setEnlarged] = useState(false);
  const [warned, setWarned] = useState(false);
  const { marks, error } = gallery;
  if (error instanceof Refusal && error.code === "no_preview") {
    return <NoPreview code={code} ready={gallery.again} />;
  }
  if (error && marks.images.length === 0) return <Failure error={error} retry={gallery.again} />;
  if (gallery.list === null) return <Skeleton rows={8} shape="tile" />;
  const current = marks.images[marks.at];
  const undo = () => setWarned(!gallery.undo());
  const say: Shown["say"] = (saying) => {
    setWarned(false);
    gallery.say(saying);
  };
  const done = unseen(marks) === 0 && !gallery.more && !gallery.loading;
  return (
    <>
      <Progress gallery={gallery}>
        <SizeChoice size={size} choose={setSize} />
      </Progress>
      {warned && (
        <p className="notice" role="status">
          {t("looks.undoneSent")}
        </p>
      )}
      {done && (
        <Empty title={t("looks.done")}>
          <p>{t("looks.doneWhy")}</p>
          <p>
            <Link to={`/datasets/${code}`}>{t("looks.toDataset")}</Link>
          </p>
        </Empty>
      )}
      {marks.images.length > 0 && (
        <>
          <GalleryGrid
            marks={marks}
            size={size}
            go={gallery.go}
            say={say}
            undo={undo}
            enlarge={() => setEnlarged(true)}
            expired={gallery.renew}
          />
          <div className="look-bar">
            <div className="actions">
              {SAYINGS.map((saying) => (
                <button
                  key={saying}
                  type="button"
                  className={saying === "clear" ? "primary" : ""}
                  onClick={() => say(saying)}
                >
                  {t(`looks.says.${saying}`)} <Key of={saying} />
                </button>
              ))}
              <button type="button" disabled={marks.past.length === 0} onClick={undo}>
                {t("looks.undo")} <kbd>U</kbd>
              </button>
            </div>
          </div>
        </>
      )}
      {gallery.loading && <p role="status">{t("looks.more")}</p>}
      {Boolean(error) && <Failure error={error} retry={gallery.again} />}
      {enlarged && current && (
        <Window
          title={t("looks.image", { id: tail(current.image_id) })}
          size="wide"
          close={() => setEnlarged(false)}
        >
          <img className="look-large" src={current.image} alt="" onError={gallery.renew} />
        </Window>
      )}
    </>
  );
}

function Progress({ gallery, children }: { gallery: Shown; children: ReactNode }) {
  const { t } = useTranslation("oversight");
  const { marks, standing, list } = gallery;
  const listed = list?.listed ?? 0;
  const sentence = t("looks.progress", { done: whole(marks.said.size), listed: whole(listed) });
  const unsent = counted(standing.unsent, t("looks.unsent", { returnObjects: true }));
  return (
    <div className="look-progress">
      <progress value={marks.said.size} max={Math.max(listed, 1)} aria-label={sentence} />
      <p>
        {sentence}; {list && t("looks.computedAt", { moment: moment(list.computed_at) })}.{" "}
        <span className="hint" role="status">
          {standing.unsent > 0 ? unsent : marks.said.size > 0 && t("looks.allSent")}
          {standing.gone > 0 && ` ${t("looks.gone")}`}
        </span>
      </p>
      {children}
      {standing.trouble !== "none" && (
        <p className="notice" role="alert">
          {t(standing.trouble === "unreachable" ? "looks.kept" : "looks.refused")}
        </p>
      )}
    </div>
  );
}

function SizeChoice({ size, choose }: { size: Size; choose: (size: Size) => void }) {
  const { t } = useTranslation("oversight");
  return (
    <fieldset className="chips" aria-label={t("looks.size")}>
      {SIZES.map((each) => (
        <label key={each} className="chip">
          <input type="radio" name="size" checked={size === each} onChange={() => choose(each)} />
          <span>{t(`looks.sizes.${each}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function useSize(): [Size, (size: Size) => void] {
  const [size, setSize] = useState<Size>(() => {
    try {
      return SIZES.find((each) => each === localStorage.getItem(KEPT_SIZE)) ?? "medium";
    } catch {
      return "medium";
    }
  });
  const choose = (next: Size) => {
    setSize(next);
    try {
      localStorage.setItem(KEPT_SIZE, next);
    } catch {
      // Storage may be forbidden; then the choice lasts as long as the page.
    }
  };
  return [size, choose];
}
