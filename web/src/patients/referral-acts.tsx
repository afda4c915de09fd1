/** What may be done with a referral: accept, decline, end. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import { patientsQuery } from "../api/queries";
import { Confirm } from "../ui/confirm";
import type { Direction, Referral } from "./queries";
import { Reason } from "./reason";

interface Shown {
  referralId: string;
  state: Referral["state"];
  direction: Direction;
}

export function ReferralActs({ referralId, state, direction }: Shown) {
  const { t } = useTranslation("patients");
  const [open, setOpen] = useState<"accept" | "end" | null>(null);
  const isOffered = state === "offered";
  const isIn = direction === "in";
  if (!isOffered && state !== "accepted") return null;
  return (
    <div className="actions">
      {isOffered && isIn && (
        <button type="button" className="primary" onClick={() => setOpen("accept")}>
          {t("referral.accept")}
        </button>
      )}
      <button type="button" onClick={() => setOpen("end")}>
        {t(isOffered && isIn ? "referral.decline" : "referral.end")}
      </button>
      {open === "accept" && <Accept referralId={referralId} close={() => setOpen(null)} />}
      {open === "end" && (
        <End
          referralId={referralId}
          declines={isOffered && isIn}
          own={isIn}
          close={() => setOpen(null)}
        />
      )}
    </div>
  );
}

function useAfterwards(): () => Promise<void> {
  const kept = useQueryClient();
  return async () => {
    void kept.invalidateQueries({ queryKey: ["patient"] });
    void kept.invalidateQueries({ queryKey: patientsQuery.queryKey });
    await kept.invalidateQueries({ queryKey: ["referrals"] });
  };
}

function Accept({ referralId, close }: { referralId: string; close: () => void }) {
  const { t } = useTranslation("patients");
  const afterwards = useAfterwards();
  return (
    <Confirm
      title={t("referral.acceptTitle")}
      act={t("referral.accept")}
      close={close}
      perform={async () => {
        await ask(`/referrals/${encodeURIComponent(referralId)}/accept`, { method: "POST" });
        await afterwards();
      }}
    >
      <p>{t("referral.acceptWhy")}</p>
    </Confirm>
  );
}

interface Ending {
  referralId: string;
  declines: boolean;
  /** One's own clinic is the one that was referred to. */
  own: boolean;
  close: () => void;
}

function End({ referralId, declines, own, close }: Ending) {
  const { t } = useTranslation("patients");
  const afterwards = useAfterwards();
  const [reason, setReason] = useState("");
  return (
    <Confirm
      title={t(declines ? "referral.declineTitle" : "referral.endTitle")}
      act={t(declines ? "referral.declineAct" : "referral.endAct")}
      close={close}
      blocked={!reason.trim()}
      perform={async () => {
        await ask(`/referrals/${encodeURIComponent(referralId)}/end`, {
          method: "POST",
          body: { reason: reason.trim() },
        });
        await afterwards();
      }}
    >
      {!declines && <p>{t(own ? "referral.endOwnWhy" : "referral.endWhy")}</p>}
      <Reason reason={reason} change={setReason} />
    </Confirm>
  );
}
