/** Listens to the keyboard as long as nothing stands above the room. */
import { useEffect, useRef } from "react";
import { type Act, actOf, isTaken } from "./keys";

export function useKeys(
  listening: boolean,
  chosen: boolean,
  perform: (act: Act) => boolean | undefined,
): void {
  const now = useRef({ chosen, perform });
  now.current = { chosen, perform };
  useEffect(() => {
    if (!listening) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const { chosen: has, perform: act } = now.current;
      const asked = actOf(event, has);
      const anywhere = asked?.do === "leave" || (event.ctrlKey && asked?.do === "send");
      if (!asked || (isTaken(event.target, event.key) && !anywhere)) return;
      // One press, one reading: a key held down says nothing more.
      if (event.repeat && asked.do !== "pan" && !asked.do.startsWith("zoom")) return;
      if (act(asked) !== false) event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [listening]);
}
