/** Which mole it is: a dot on the body that is there already, or a new place; then it goes. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { BodyMap } from "../../body/map";
import { usePlaceName } from "../../body/words";
import { useWaiting } from "../keeping/waiting";
import { useMoleName } from "../mole-name";
import { molesQuery } from "../queries";
import type { NewMole, Spot } from "../shapes";
import type { Target } from "./sending";

/** As long as the system takes. */
export const LONGEST_NAME = 60;
const NEW = "new";

export function Where({ done }: { done: (target: Target) => void }) {
  const { t } = useTranslation("pocket");
  const nameOf = useMoleName();
  const placeName = usePlaceName();
  const moles = useQuery(molesQuery).data ?? [];
  const tasks = useWaiting().tasks ?? [];
  const [target, setTarget] = useState<Target | null>(null);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);

  const waiting = tasks.flatMap(({ id, task }) =>
    task.kind === "mole" ? [{ id, ...task.mole }] : [],
  );
  const options = [
    ...moles.map((mole) => ({
      target: { kind: "known", id: mole.lesion_id } as const,
      label: nameOf(mole),
      spot: mole.spot,
    })),
    ...waiting.map((mole) => ({
      target: { kind: "waiting", task: mole.id } as const,
      label: nameOf({ name: mole.name ?? null, site: mole.site, spot: mole.spot ?? null }),
      spot: mole.spot ?? null,
    })),
  ];
  const spots = options.flatMap(({ target: each, label, spot }) =>
    spot ? [{ ...spot, id: keyOf(each), label }] : [],
  );
  const placed = target?.kind === "new" ? target.mole : null;
  const newSpot = placed?.spot
    ? [{ ...placed.spot, id: NEW, label: placeName(placed.spot), kind: NEW }]
    : [];

  function place({ site, ...spot }: Spot & Pick<NewMole, "site">) {
    setTarget({ kind: "new", mole: { site, spot } });
  }

  function go() {
    if (!target) return;
    setBusy(true);
    const named = name.trim();
    const mole: NewMole | null = placed && { ...placed, ...(named ? { name: named } : {}) };
    done(mole ? { kind: "new", mole } : target);
  }

  return (
    <div className="where">
      <p>{t(options.length > 0 ? "where.why" : "where.whyFirst")}</p>
      <BodyMap
        bare
        spots={[...spots, ...newSpot]}
        chosen={target ? keyOf(target) : undefined}
        onChoose={(id) => {
          const found = options.find((each) => keyOf(each.target) === id);
          if (found) setTarget(found.target);
        }}
        onPlace={place}
      />
      {options.length > 0 && (
        <fieldset className="field mole-choice">
          <legend>{t("where.known")}</legend>
          {options.map((each) => (
            <label key={keyOf(each.target)} className="check">
              <input
                type="radio"
                name="mole"
                checked={target !== null && keyOf(target) === keyOf(each.target)}
                onChange={() => setTarget(each.target)}
              />
              {each.label}
            </label>
          ))}
        </fieldset>
      )}
      <div role="status">
        {placed?.spot && <p>{t("where.new", { place: placeName(placed.spot) })}</p>}
      </div>
      {placed && (
        <div className="field">
          <label htmlFor="mole-name">{t("where.name")}</label>
          <p className="hint">{t("where.nameHint")}</p>
          <input
            id="mole-name"
            value={name}
            maxLength={LONGEST_NAME}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        </div>
      )}
      <div className="steps">
        <button type="button" className="primary large" disabled={!target || busy} onClick={go}>
          {t("where.send")}
        </button>
        {!target && <p className="hint">{t("where.chooseFirst")}</p>}
      </div>
    </div>
  );
}

function keyOf(target: Target): string {
  if (target.kind === "known") return target.id;
  return target.kind === "waiting" ? `task ${target.task}` : NEW;
}
