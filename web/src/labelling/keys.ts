/** The reading room by keyboard. Keys are told by their place, so that any layout will do. */

export type Act =
  | { do: "class" | "differential"; place: number }
  | {
      do:
        | "send"
        | "undo"
        | "confidence"
        | "quality"
        | "outline"
        | "comment"
        | "decline"
        | "protocol"
        | "full"
        | "help"
        | "leave"
        | "zoomIn"
        | "zoomOut"
        | "whole";
    }
  | { do: "pan"; x: number; y: number };

/** What of a keyboard event counts. */
export interface Pressed {
  key: string;
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const STEP = 0.15;
const LETTERS: Readonly<Record<string, Act["do"]>> = {
  KeyS: "confidence",
  KeyQ: "quality",
  KeyO: "outline",
  KeyC: "comment",
  KeyD: "decline",
  KeyP: "protocol",
  KeyF: "full",
  KeyH: "help",
};
const NAMED: Readonly<Record<string, Act>> = {
  Enter: { do: "send" },
  Backspace: { do: "undo" },
  Escape: { do: "leave" },
  "+": { do: "zoomIn" },
  "=": { do: "zoomIn" },
  "-": { do: "zoomOut" },
  "0": { do: "whole" },
  ArrowLeft: { do: "pan", x: -STEP, y: 0 },
  ArrowRight: { do: "pan", x: STEP, y: 0 },
  ArrowUp: { do: "pan", x: 0, y: -STEP },
  ArrowDown: { do: "pan", x: 0, y: STEP },
};

/** What a key asks for; `chosen` says whether there is a diagnosis already. */
export function actOf(pressed: Pressed, chosen: boolean): Act | null {
  const { key, code, shiftKey, ctrlKey, metaKey, altKey } = pressed;
  if (altKey) return null;
  if (ctrlKey || metaKey) {
    if (code === "KeyZ" && !shiftKey) return { do: "undo" };
    return key === "Enter" ? { do: "send" } : null;
  }
  const place = Number(/^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1] ?? 0);
  // On a Russian keyboard the question mark stands on the seven.
  if (key === "?" && !(place && chosen)) return { do: "help" };
  if (place) return { do: shiftKey ? "differential" : "class", place: place - 1 };
  if (NAMED[key]) return NAMED[key];
  const letter = LETTERS[code];
  return letter && !shiftKey ? ({ do: letter } as Act) : null;
}

/** Whether the element with the focus needs this key itself. */
export function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const own = target.closest("a, button, summary, select, textarea, input, [role='button']");
  if (!own) return false;
  if (own.matches("textarea, input:not([type='radio'], [type='checkbox'])")) return true;
  if (own.matches("input")) return key === " " || key.startsWith("Arrow");
  return key === "Enter" || key === " ";
}
