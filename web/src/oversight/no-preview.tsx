/** A dataset whose selection was never computed has nothing to look at yet: it is asked for here. */
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import { Empty } from "../ui/empty";
import { Failure } from "../ui/failure";

const LOOK_MS = 3_000;

export function NoPreview({ code, ready }: { code: string; ready: () => void }) {
  const { t } = useTranslation("oversight");
  const asking = useMutation({
    mutationFn: () =>
      ask<unknown>(`/datasets/${encodeURIComponent(code)}/preview`, { method: "POST" }),
  });
  const { isSuccess } = asking;
  useEffect(() => {
    if (!isSuccess) return;
    const timer = setInterval(ready, LOOK_MS);
    return () => clearInterval(timer);
  }, [isSuccess, ready]);
  if (isSuccess) return <p role="status">{t("looks.computing")}</p>;
  return (
    <Empty title={t("looks.noPreview")}>
      <p>
        <button
          type="button"
          className="primary"
          disabled={asking.isPending}
          onClick={() => asking.mutate()}
        >
          {t("looks.compute")}
        </button>
      </p>
      {asking.isError && <Failure error={asking.error} />}
    </Empty>
  );
}
