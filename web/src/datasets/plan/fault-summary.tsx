/** All that is wrong with a plan in one place; each leads to its field, whichever group it stands in. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Faults, type Group, groupOf, idOf } from "./faults";

export function FaultSummary({ faults, seek }: { faults: Faults; seek: (path: string) => void }) {
  const { t } = useTranslation("datasets");
  const found = Object.entries(faults);
  if (found.length === 0) return null;
  return (
    <section className="failure" role="alert">
      <h2>{t("plan.faults")}</h2>
      <ul>
        {found.map(([path, sentence]) => (
          <li key={path}>
            <button type="button" className="link" onClick={() => seek(path)}>
              {t(`plan.groups.${groupOf(path)}`)}
            </button>
            {": "}
            {sentence}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Opens a field's group and puts the focus on the field, or on what it stands in. */
export function useSeek(open: (group: Group) => void): (path: string) => void {
  const [sought, setSought] = useState<string | null>(null);
  useEffect(() => {
    if (sought === null) return;
    setSought(null);
    const found = elementOf(sought);
    found?.focus();
    found?.scrollIntoView({ block: "center" });
  }, [sought]);
  return (path) => {
    open(groupOf(path));
    setSought(path);
  };
}

function elementOf(path: string): HTMLElement | null {
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const found = document.getElementById(idOf(parts.slice(0, length).join(".")));
    if (found) return found;
  }
  return null;
}
