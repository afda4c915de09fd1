/** Many images at once; keys speak of the one that is framed. */
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { tail } from "./format";
import { KEYS, type Marks, type Saying } from "./look-marks";
import type { WaitingImage } from "./shapes";

interface Shown {
  marks: Marks;
  size: "small" | "medium" | "large";
  go: (to: number) => void;
  say: (saying: Saying) => void;
  undo: () => void;
  enlarge: () => void;
  expired: () => void;
}

export function GalleryGrid({ marks, size, go, say, undo, enlarge, expired }: Shown) {
  const { t } = useTranslation("oversight");
  const grid = useRef<HTMLDivElement>(null);
  const { images, said, at } = marks;
  // From the first moment keys are meant for the images.
  useEffect(() => grid.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const options = grid.current?.querySelectorAll("[role=option]");
    options?.[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = moved(event.key, at, columns(grid.current), images.length);
    const saying = KEYS[event.code];
    if (to !== null) go(to);
    else if (event.repeat) return;
    else if (saying) say(saying);
    else if (event.code === "KeyU" || event.code === "Backspace") undo();
    else if (event.code === "KeyZ" || event.code === "Enter") enlarge();
    else return;
    event.preventDefault();
  };

  const current = images[at];
  return (
    <div
      ref={grid}
      role="listbox"
      tabIndex={0}
      className={`gallery ${size}`}
      aria-label={t("looks.list")}
      aria-activedescendant={current && `look-${current.image_id}`}
      onKeyDown={pressed}
    >
      {images.map((image, place) => (
        <Tile
          key={image.image_id}
          image={image}
          large={size === "large"}
          current={place === at}
          saying={said.get(image.image_id)}
          choose={() => {
            go(place);
            grid.current?.focus({ preventScroll: true });
          }}
          expired={expired}
        />
      ))}
    </div>
  );
}

interface TileShown {
  image: WaitingImage;
  large: boolean;
  current: boolean;
  saying: Saying | undefined;
  choose: () => void;
  expired: () => void;
}

function Tile({ image, large, current, saying, choose, expired }: TileShown) {
  const { t } = useTranslation("oversight");
  const words = saying ? t(`looks.says.${saying}`) : t("looks.unseen");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it takes the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list points at it with aria-activedescendant
    <div
      id={`look-${image.image_id}`}
      role="option"
      aria-selected={current}
      aria-label={`${t("looks.image", { id: tail(image.image_id) })}, ${words}`}
      className="look"
      data-said={saying}
      onClick={choose}
    >
      <img src={large ? image.image : image.thumbnail} alt="" onError={expired} />
      {saying && <span className="look-said">{words}</span>}
    </div>
  );
}

/** Where an arrow leads; null for any other key. */
export function moved(key: string, at: number, across: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: across,
    ArrowUp: -across,
  };
  const step = steps[key];
  if (step !== undefined) return at + step < 0 || at + step >= count ? at : at + step;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

function columns(grid: HTMLElement | null): number {
  if (!grid) return 1;
  return getComputedStyle(grid).gridTemplateColumns.split(" ").length;
}
