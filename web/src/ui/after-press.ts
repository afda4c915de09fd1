/**
 * What is found wrong in a field when one leaves it moves what is below. One who leaves it by
 * pressing on something else must still hit that: so it waits until the press is over.
 */
let pressed = false;

addEventListener("pointerdown", () => hold(true), { capture: true });
addEventListener("pointerup", () => hold(false), { capture: true });
addEventListener("pointercancel", () => hold(false), { capture: true });

function hold(now: boolean): void {
  pressed = now;
}

export function afterPress(act: () => void): void {
  if (!pressed) {
    act();
    return;
  }
  const over = () => {
    removeEventListener("pointerup", over);
    removeEventListener("pointercancel", over);
    // The click itself comes after the pointer has gone up.
    setTimeout(act);
  };
  addEventListener("pointerup", over);
  addEventListener("pointercancel", over);
}
