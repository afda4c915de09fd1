/** Keys that act on a whole page, and the window that `?` opens to tell of them. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Window } from "../ui/dialog";

/** What to do by key: a letter is its place on the keyboard (`KeyJ`), so that any layout will do. */
export type Acts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const TYPING =
  "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";
const MOVED_BY_ARROWS = "input[type=radio], input[type=range], [role=tab], [role=slider]";
const ABOVE = "[role=dialog], [role=alertdialog]";

export function useKeys(acts: Acts): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const act = latest.current[event.code];
      if (!act || !isMeant(event)) return;
      event.preventDefault();
      act(event);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

/** A key held down, or pressed while typing or in a window above the page, is meant for something else. */
function isMeant(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.repeat) return false;
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const at = event.target instanceof Element ? event.target : null;
  if (at?.closest(TYPING) || document.querySelector(ABOVE)) return false;
  if (event.code.startsWith("Arrow") && at?.closest(MOVED_BY_ARROWS)) return false;
  // Enter and space press the button or follow the link that has the focus.
  return !(/^(Enter|Space)$/.test(event.code) && at?.closest("button, a, summary, label"));
}

/** The keys of a page by what they do; the button says that there are any. */
export function Shortcuts({ keys }: { keys: readonly (readonly [string, string])[] }) {
  const { t } = useTranslation("oversight");
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key === "?" && isMeant(event)) setOpen(true);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  return (
    <>
      <button type="button" className="quiet keys-button" onClick={() => setOpen(true)}>
        {t("keys.open")} <kbd>?</kbd>
      </button>
      {open && (
        <Window title={t("keys.title")} close={() => setOpen(false)}>
          <dl className="keys">
            {keys.map(([key, does]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </Window>
      )}
    </>
  );
}
