/** A photograph without a dermatoscope goes to the experts when its doctor sends it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import type { Image, Schemas } from "../api/contract";
import { imageQuery } from "../api/queries";
import "../follow-up/words";
import { Confirm } from "../ui/confirm";

export function SendToReaders({ image }: { image: Image }) {
  const { t } = useTranslation("follow_up");
  const kept = useQueryClient();
  const [asked, setAsked] = useState(false);
  const sending = useMutation({
    mutationFn: () =>
      ask<Schemas["SentAnswer"]>("/labelling/cases", {
        method: "POST",
        body: { image_id: image.image_id },
      }),
  });
  if (sending.isSuccess) return <p role="status">{t("send.sent")}</p>;
  return (
    <>
      <p>
        <button type="button" onClick={() => setAsked(true)}>
          {t("send.act")}
        </button>
      </p>
      {asked && (
        <Confirm
          title={t("send.title")}
          act={t("send.act")}
          close={() => setAsked(false)}
          perform={async () => {
            await sending.mutateAsync();
            await kept.invalidateQueries({ queryKey: imageQuery(image.image_id).queryKey });
          }}
        >
          <p>{t("send.means")}</p>
        </Confirm>
      )}
    </>
  );
}
