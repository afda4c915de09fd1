/** The flow of selection, as STARD draws it: down what is left, to the side what each step dropped and why. */
import { useTranslation } from "react-i18next";
import { labelOf } from "../../language";
import { counted } from "../../language/format";
import { capital } from "../names";
import type { Step } from "./shapes";
import "./selection.css";

export function Flow({ steps }: { steps: readonly Step[] }) {
  const { t } = useTranslation("datasets");
  const [first] = steps;
  if (!first) return null;
  return (
    <ol className="flow" aria-label={t("selection.flow")}>
      {steps.map((step, place) => (
        <FlowStep
          key={step.key}
          step={step}
          first={place === 0}
          last={place === steps.length - 1}
        />
      ))}
    </ol>
  );
}

function FlowStep({ step, first, last }: { step: Step; first: boolean; last: boolean }) {
  const { t } = useTranslation("datasets");
  const left = (
    <strong>
      {counted(step.left, t("names.images", { returnObjects: true }))},{" "}
      {counted(step.patients, t("names.patients", { returnObjects: true }))}
    </strong>
  );
  if (first) {
    return (
      <li className="flow-step">
        <div className="flow-box">
          <span>{labelOf(step.title)}</span>
          {left}
        </div>
      </li>
    );
  }
  return (
    <li className={step.dropped > 0 ? "flow-step dropping" : "flow-step"}>
      <div className="flow-check">
        <span className="flow-name">{labelOf(step.title)}</span>
        <span className="flow-dropped">
          {step.dropped > 0
            ? t("selection.dropped", {
                counted: counted(step.dropped, t("names.images", { returnObjects: true })),
              })
            : t("selection.noneDropped")}
          {step.dropped > 0 && <small>{capital(labelOf(step.reason))}</small>}
        </span>
      </div>
      {(step.dropped > 0 || last) && (
        <div className="flow-box">
          {last && <span>{t("selection.selected")}</span>}
          {left}
        </div>
      )}
    </li>
  );
}
