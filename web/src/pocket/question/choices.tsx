/** Which photographs go with the question: the latest are chosen already. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { when } from "../dates";
import type { Ref } from "../keeping/tasks";
import { useWaiting } from "../keeping/waiting";
import { timelineQuery } from "../queries";
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

export function Choices({ of, images, chosen, choose, go, blocked }: Shown) {
  const { t } = useTranslation("pocket");
  const options = useOptions(of, images);
  useEffect(() => {
    if (!chosen && options.length > 0) choose(options.slice(-AT_FIRST).map(({ ref }) => ref));
  }, [chosen, options, choose]);
  const keys = new Set((chosen ?? []).map(keyOf));
  function toggle(option: Option) {
    const rest = (chosen ?? []).filter((each) => keyOf(each) !== option.key);
    choose(keys.has(option.key) ? rest : [...rest, option.ref]);
  }
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
        onClick={go}
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
    .filter(({ state, kind }) => kind === "macroscopic" && TAKEN.includes(state))
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

/** A photograph that is still being checked may be asked about: the doctor will see it. */
const TAKEN: readonly string[] = ["received", "accepted"];

function keyOf(ref: Ref): string {
  return "id" in ref ? ref.id : ref.task;
}
