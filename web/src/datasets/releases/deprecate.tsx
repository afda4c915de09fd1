/** A release that should not be used any more stays, with the reason and what to use instead. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import { Confirm } from "../../ui/confirm";
import { deprecate, type ReleaseView, releasesQuery } from "../queries";

export function Deprecate({ release, close }: { release: ReleaseView; close: () => void }) {
  const { t } = useTranslation("datasets");
  const field = useId();
  const [reason, setReason] = useState("");
  const [use, setUse] = useState("");
  const releases = useInfiniteQuery(releasesQuery(release.code)).data;
  const others = (releases?.pages.flatMap((page) => page.items) ?? []).filter(
    (each) => each.state === "published" && each.version !== release.version,
  );
  const version = release.version ?? "";
  return (
    <Confirm
      title={t("releases.deprecateTitle", { version })}
      act={t("releases.deprecateAct")}
      close={close}
      blocked={!reason.trim()}
      perform={async () => {
        await deprecate(release.code, version, reason.trim(), use || null);
        await queryClient.invalidateQueries({ queryKey: ["datasets", release.code] });
        await queryClient.invalidateQueries({ queryKey: ["registry"] });
      }}
    >
      <p>{t("releases.deprecateWhy")}</p>
      <div className="field">
        <label htmlFor={`${field}-reason`}>{t("releases.deprecateReason")}</label>
        <textarea
          id={`${field}-reason`}
          rows={3}
          maxLength={4000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${field}-use`}>{t("releases.deprecateUse")}</label>
        <select id={`${field}-use`} value={use} onChange={(event) => setUse(event.target.value)}>
          <option value="">{t("releases.deprecateNone")}</option>
          {others.map((each) => (
            <option key={each.release_id}>{each.version}</option>
          ))}
        </select>
      </div>
    </Confirm>
  );
}
