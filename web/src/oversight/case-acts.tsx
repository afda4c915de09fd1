/** What a curator may do with a case: gold, sending it to readers, deleting a wrong image. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import type { Image } from "../api/contract";
import { imageQuery } from "../api/queries";
import { Confirm } from "../ui/confirm";
import { Failure } from "../ui/failure";
import { caseQuery } from "./queries";
import type { Case, CaseBrief } from "./shapes";

export function CaseActs({ image, of }: { image: Image; of: Case | null }) {
  const { t } = useTranslation("oversight");
  const [removing, setRemoving] = useState(false);
  if (image.state === "withdrawn") return null;
  return (
    <section className="case-acts" aria-label={t("cases.acts")}>
      <div className="actions">
        <Gold image={image} of={of} />
        {image.state === "classified" && <Send imageId={image.image_id} />}
        <button type="button" onClick={() => setRemoving(true)}>
          {t("cases.remove")}
        </button>
      </div>
      {removing && <Remove imageId={image.image_id} close={() => setRemoving(false)} />}
    </section>
  );
}

/** Offered where the truth is known: the API refuses the others. */
function Gold({ image, of }: { image: Image; of: Case | null }) {
  const { t } = useTranslation("oversight");
  const queries = useQueryClient();
  const gold = of?.gold ?? false;
  const marking = useMutation({
    mutationFn: () =>
      ask<CaseBrief>(`/labelling/cases/${image.image_id}`, {
        method: "PATCH",
        body: { gold: !gold },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries(caseQuery(image.image_id));
      void queries.invalidateQueries({ queryKey: ["cases"] });
    },
  });
  const proven = of?.verdict?.verification === "high" || image.label?.verification === "high";
  if (!proven && !gold) return null;
  return (
    <>
      <button
        type="button"
        disabled={marking.isPending}
        title={t("cases.goldWhy")}
        onClick={() => marking.mutate()}
      >
        {t(gold ? "cases.makeCommon" : "cases.makeGold")}
      </button>
      {marking.isError && <Failure error={marking.error} />}
    </>
  );
}

const SETTLING_MS = 4_000;

function Send({ imageId }: { imageId: string }) {
  const { t } = useTranslation("oversight");
  const queries = useQueryClient();
  const sending = useMutation({
    mutationFn: () =>
      ask<unknown>("/labelling/cases", { method: "POST", body: { image_id: imageId } }),
    onSuccess: () => {
      // A case is opened by the labelling queue a moment later.
      setTimeout(() => {
        void queries.invalidateQueries(caseQuery(imageId));
        void queries.invalidateQueries(imageQuery(imageId));
      }, SETTLING_MS);
    },
  });
  if (sending.isSuccess) return <p role="status">{t("cases.sent")}</p>;
  return (
    <>
      <button
        type="button"
        className="primary"
        disabled={sending.isPending}
        onClick={() => sending.mutate()}
      >
        {t("cases.send")}
      </button>
      {sending.isError && <Failure error={sending.error} />}
    </>
  );
}

const LONGEST_REASON = 500;

function Remove({ imageId, close }: { imageId: string; close: () => void }) {
  const { t } = useTranslation("oversight");
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  return (
    <Confirm
      title={t("cases.removeTitle")}
      act={t("cases.removeAct")}
      blocked={reason.trim() === ""}
      close={close}
      perform={async () => {
        const body = { reason: reason.trim() };
        await ask<void>(`/images/${imageId}`, { method: "DELETE", body });
        await Promise.all([
          queries.invalidateQueries(imageQuery(imageId)),
          queries.invalidateQueries(caseQuery(imageId)),
          queries.invalidateQueries({ queryKey: ["cases"] }),
        ]);
      }}
    >
      <p>{t("cases.removeWhy")}</p>
      <div className="field">
        <label htmlFor="reason">{t("cases.reason")}</label>
        <textarea
          id="reason"
          rows={2}
          maxLength={LONGEST_REASON}
          value={reason}
          aria-describedby="reason-hint"
          onChange={(event) => setReason(event.target.value)}
        />
        <p className="hint" id="reason-hint">
          {t("cases.reasonHint")}
        </p>
      </div>
    </Confirm>
  );
}
