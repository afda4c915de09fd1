/** The nine classes, each with its key; one is the diagnosis. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { vocabulariesQuery } from "../api/queries";
import { labelOf } from "../language";
import { Keycap } from "./keycap";
import type { LesionClass } from "./queries";

export function useClasses(): readonly { key: LesionClass; name: string }[] {
  const words = useQuery(vocabulariesQuery).data;
  return (words?.classes ?? []).map(({ key, labels }) => ({
    key: key as LesionClass,
    name: labelOf(labels),
  }));
}

interface Shown {
  chosen: LesionClass | null;
  differential: readonly LesionClass[];
  choose: (diagnosis: LesionClass) => void;
}

export function ClassList({ chosen, differential, choose }: Shown) {
  const { t } = useTranslation("reading");
  return (
    <fieldset className="classes">
      <legend>{t("what")}</legend>
      {useClasses().map(({ key, name }, place) => (
        <label key={key} className="class" data-differential={differential.includes(key)}>
          <input
            type="radio"
            name="diagnosis"
            value={key}
            checked={chosen === key}
            onChange={() => choose(key)}
          />
          <Keycap>{place + 1}</Keycap>
          <span className="class-name">{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
