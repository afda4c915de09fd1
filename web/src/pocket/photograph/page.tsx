/** From the camera to the queue, one thing a page: photograph, look, mark the mole and a coin, say where. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { Page as Frame } from "../../app/page";
import { useMoleName } from "../mole-name";
import { molesQuery } from "../queries";
import type { Marks } from "../shapes";
import { Camera } from "./camera";
import { Look } from "./look";
import { type Marked, Marking } from "./marking";
import { send, type Target } from "./sending";
import { Sent } from "./sent";
import { Where } from "./where";
import "../words";
import "./photograph.css";

type Stage =
  | { name: "camera" }
  | ({ name: "look" } & Taken)
  | ({ name: "marks" } & Taken)
  | ({ name: "where"; marks: Marks | null } & Taken)
  | { name: "sent"; target: Target };

interface Taken {
  photograph: ImageBitmap;
  on: string;
}

export function Page() {
  const { t } = useTranslation("pocket");
  const [stage, setStage] = useState<Stage>({ name: "camera" });
  const [failed, setFailed] = useState(false);
  const moleId = useSearchParams()[0].get("mole");
  const mole = useQuery(molesQuery).data?.find(({ lesion_id }) => lesion_id === moleId);
  const nameOf = useMoleName();
  const [circle, setCircle] = useState<Marked>("marks");
  const again = () => setStage({ name: "camera" });
  const step = stage.name === "marks" ? circle : stage.name;

  // A photograph on the way to the queue is in this page alone.
  const unsent = stage.name !== "camera" && stage.name !== "sent";
  useEffect(() => {
    if (!unsent) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [unsent]);
  useEffect(() => {
    // Each step begins at its top, for the eye and for the reader of screens.
    if (step === "camera") return;
    scrollTo(0, 0);
    document.querySelector<HTMLElement>("h1")?.focus();
  }, [step]);

  async function sendTo(target: Target, taken: Taken, marks: Marks | null) {
    try {
      setFailed(false);
      setStage({ name: "sent", target: await send({ ...taken, marks }, target) });
    } catch {
      setFailed(true);
    }
  }

  const known: Target | null = moleId ? { kind: "known", id: moleId } : null;
  return (
    <Frame
      title={t(`photograph.${step}`)}
      above={stage.name !== "sent" && <Link to="/me">{t("back")}</Link>}
    >
      {mole && stage.name !== "sent" && <p className="of-mole">{nameOf(mole)}</p>}
      {failed && (
        <p className="failure" role="alert">
          {t("photograph.notKept")}
        </p>
      )}
      {stage.name === "camera" && (
        <Camera taken={(photograph, on) => setStage({ name: "look", photograph, on })} />
      )}
      {stage.name === "look" && (
        <Look
          photograph={stage.photograph}
          again={again}
          go={() => {
            setCircle("marks");
            setStage({ ...stage, name: "marks" });
          }}
        />
      )}
      {stage.name === "marks" && (
        <Marking
          photograph={stage.photograph}
          turned={setCircle}
          done={(marks) =>
            known ? void sendTo(known, stage, marks) : setStage({ ...stage, name: "where", marks })
          }
        />
      )}
      {stage.name === "where" && (
        <Where done={(target) => void sendTo(target, stage, stage.marks)} />
      )}
      {stage.name === "sent" && <Sent target={stage.target} again={again} />}
    </Frame>
  );
}
