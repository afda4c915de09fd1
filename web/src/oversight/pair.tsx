/** One pair: both pictures, what is known of them, and the decision. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { moment } from "../language/format";
import { Failure } from "../ui/failure";
import { usePreloaded } from "../viewer";
import { Compare } from "./compare";
import { coefficient, tail, whole } from "./format";
import { useKeys } from "./keys";
import { decide, pairQuery, type Side, sidesOf } from "./pairs";
import type { Decision, Duplicate } from "./shapes";

interface Shown {
  pair: Duplicate;
  /** Its pictures are fetched while this one is looked at. */
  ahead?: Duplicate;
  back?: () => void;
  decided: (now: Duplicate) => void;
}

export function PairView({ pair, ahead, back, decided }: Shown) {
  const { t } = useTranslation("oversight");
  const [reason, setReason] = useState(pair.reason ?? "");
  const [stale, setStale] = useState(false);
  const renewed = useQuery({ ...pairQuery(pair.pair_id), enabled: stale, staleTime: 0 });
  const deciding = useMutation({
    mutationFn: (decision: Decision) => decide(pair.pair_id, decision, reason),
    onSuccess: decided,
  });
  usePreloaded(useMemo(() => linksOf(ahead), [ahead]));
  const settle = (decision: Decision) => {
    if (!deciding.isPending) deciding.mutate(decision);
  };
  useKeys({
    KeyS: () => settle("same_photograph"),
    KeyD: () => settle("different"),
    KeyU: () => back?.(),
  });
  const sides = sidesOf(stale && renewed.data ? renewed.data : pair);
  return (
    <article className="pair">
      <Compare sides={sides} expired={() => setStale(true)} />
      <div className="pair-words">
        <Facts pair={pair} sides={sides} />
        {pair.decision && (
          <p className="notice" role="status">
            {t(`duplicates.decided.${pair.decision}`)}
          </p>
        )}
        <div className="decisions">
          {(["same_photograph", "different"] as const).map((decision) => (
            <button
              key={decision}
              type="button"
              className={pair.decision === decision ? "" : "primary"}
              disabled={deciding.isPending || pair.decision === decision}
              onClick={() => settle(decision)}
            >
              {t(decision === "different" ? "duplicates.different" : "duplicates.same")}{" "}
              <kbd>{decision === "different" ? "D" : "S"}</kbd>
            </button>
          ))}
        </div>
        <div className="field">
          <label htmlFor="remark">
            {t("duplicates.reason")} <small>{t("duplicates.reasonHint")}</small>
          </label>
          <input
            id="remark"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        {deciding.isError && <Failure error={deciding.error} />}
        <Earlier pair={pair} />
      </div>
    </article>
  );
}

function Facts({ pair, sides }: { pair: Duplicate; sides: [Side, Side] }) {
  const { t } = useTranslation("oversight");
  const likeness = pair.same_pixels
    ? t("duplicates.twins")
    : t("duplicates.bits", { bits: whole(pair.distance) });
  return (
    <>
      <p className="verdict">
        {t("duplicates.filed", { relation: t(`duplicates.relations.${pair.relation}`) })}
      </p>
      <p>
        {likeness}
        {pair.cosine !== null &&
          `, ${t("duplicates.cosine", { cosine: coefficient(pair.cosine) })}`}
        . {t("duplicates.found", { moment: moment(pair.found_at) })}.
      </p>
      <p className="actions">
        {sides.map(
          ({ shown, others }) =>
            shown && (
              <span key={shown.image_id}>
                <Link to={`/cases/${shown.image_id}`}>
                  {t("duplicates.openCase", { id: tail(shown.image_id) })}
                </Link>
                {others > 0 && ` ${t("duplicates.more", { count: others })}`}
              </span>
            ),
        )}
      </p>
    </>
  );
}

function Earlier({ pair }: { pair: Duplicate }) {
  const { t } = useTranslation("oversight");
  if (pair.history.length === 0) return null;
  return (
    <details>
      <summary>{t("duplicates.history")}</summary>
      <ol className="history">
        {pair.history.map((step) => (
          <li key={step.at}>
            <span>
              {t(`duplicates.decided.${step.decision}`)}
              {step.reason && `: ${step.reason}`}
            </span>
            <small>{moment(step.at)}</small>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** The pictures of the next pair, so that the browser has them before they are wanted. */
function linksOf(pair: Duplicate | undefined): string[] {
  return pair ? sidesOf(pair).flatMap(({ shown }) => shown?.image ?? []) : [];
}
