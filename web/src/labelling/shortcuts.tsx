/** Every key of the room. */
import { useTranslation } from "react-i18next";
import { Window } from "../ui/dialog";

export function Shortcuts({ close }: { close: () => void }) {
  const { t } = useTranslation("reading");
  const rows: readonly (readonly [readonly string[], string])[] = [
    [["1–9"], t("keys.class")],
    [[t("keys.enter")], t("keys.send")],
    [["Backspace", "Ctrl + Z"], t("keys.undo")],
    [[`${t("keys.shift")} + 1–9`], t("keys.differential")],
    [["S"], t("keys.confidence")],
    [["Q"], t("keys.quality")],
    [["O"], t("keys.outline")],
    [["C"], t("keys.comment")],
    [["D"], t("keys.decline")],
    [["P"], t("keys.protocol")],
    [["+", "−", "0"], t("keys.zoom")],
    [[t("keys.arrows")], t("keys.pan")],
    [["F"], t("keys.full")],
    [["?", "H"], t("keys.help")],
  ];
  return (
    <Window title={t("keys.title")} close={close}>
      <dl className="keys">
        {rows.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Window>
  );
}
