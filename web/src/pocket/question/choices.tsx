/** Which photographs go with the question: the latest are chosen already. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { when } from "../dates";
import type { Ref } from "../keeping/tasks";
import { useWaiting } from "../keeping/waiting";
import { molesQuery, timelineQuery } from "../queries";
import type { MoleImage } from "../shapes";
import { MOST_IMAGES } from "./ask";

interface Shown {
  of: Ref;
  images: readonly MoleImage[];
  chosen: Ref[] | null;
  choose: (images: Ref[]) => void;
  go: () => void;
  blocked: boolean;
}

interface Option {
  ref: Ref;
  key: string;
  url: string | null;
  date: string | null;
}

/** So many of the latest are chosen at first: the last, and what it is to be compared with. */
const AT_FIRST = 2;
/** How often a photograph that is on its way is looked for. */
const LOOK_MS = 2_000;

export function Choices({ of, images, chosen, choose, go, blocked }: Shown) {
  const { t } = useTranslation("pocket");
  const options = useOptions(of, images);
  // Until somebody chooses, the latest are chosen, one that arrives meanwhile among them.
  const now = chosen ?? options.slice(-AT_FIRST).map(({ ref }) => ref);
  const keys = new Set(now.map(keyOf));
  const coming = images.some(({ state }) => COMING.includes(state));
  useQuery({ ...molesQuery, refetchInterval: coming ? LOOK_MS : false });
  function toggle(option: Option) {
    const rest = now.filter((each) => keyOf(each) !== option.key);
    choose(keys.has(option.key) ? rest : [...rest, option.ref]);
  }
  if (options.length === 0 && coming) return <p role="status">{t("mole.coming")}</p>;
  if (options.length === 0) {
    return (
      <>
        <p>{t("ask.noPhotographs")}</p>
        <Link
          className="button primary large"
          to={"id" in of ? `/me/photograph?mole=${encodeURIComponent(of.id)}` : "/me/photograph"}
        >
          {t("home.photograph")}
        </Link>
      </>
    );
  }
  return (
    <>
      <p>{t("ask.photographsWhy")}</p>
      <ul className="choices">
        {options.map((option) => (
          <li key={option.key}>
            <label className="choice">
              <input
                type="checkbox"
                checked={keys.has(option.key)}
                disabled={!keys.has(option.key) && keys.size >= MOST_IMAGES}
                onChange={() => toggle(option)}
              />
              {option.url ? <img src={option.url} alt="" /> : <span className="no-picture" />}
              <span>{option.date ? when(option.date) : t("mole.noDate")}</span>
            </label>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="primary large"
        disabled={keys.size === 0 || blocked}
        onClick={() => {
          choose(now);
          go();
        }}
      >
        {t("ask.next")}
      </button>
    </>
  );
}

/** What the system has, and what waits here; in order. */
function useOptions(of: Ref, images: readonly MoleImage[]): Option[] {
  const known = "id" in of;
  const timeline = useQuery({ ...timelineQuery(known ? of.id : ""), enabled: known }).data;
  const tasks = useWaiting().tasks ?? [];
  const urls = new Map(timeline?.images.map(({ image_id, urls }) => [image_id, urls.thumbnail]));
  const there = [...images]
    .reverse()
    .filter(({ state, kind }) => kind === "macroscopic" && state === "accepted")
    .map(({ image_id, taken_on }) => ({
      ref: { id: image_id },
      key: image_id,
      url: urls.get(image_id) ?? null,
      date: taken_on,
    }));
  const here = tasks.flatMap(({ id, task, standing }) =>
    task.kind === "photograph" && standing === "waiting" && keyOf(task.of) === keyOf(of)
      ? [{ ref: { task: id }, key: id, url: task.preview, date: task.image.taken_on ?? null }]
      : [],
  );
  return [...there, ...here];
}

/** Still on its way to be asked about. */
const COMING: readonly string[] = ["awaiting_upload", "received"];

function keyOf(ref: Ref): string {
  return "id" in ref ? ref.id : ref.task;
}
