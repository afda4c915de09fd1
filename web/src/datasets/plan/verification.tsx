/** Verification and sources: how sure labels must be, and where images come from. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { capital, useName } from "../names";
import { sourcesQuery } from "../queries";
import type { PlanDraft } from "./fields";
import { Choice, Line, Passage, Ticks } from "./inputs";

export function VerificationGroup() {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const { watch } = useFormContext<PlanDraft>();
  const imports = useInfiniteQuery(sourcesQuery).data?.pages.flatMap((page) => page.items) ?? [];
  const all = watch("sources").length === 0 && !watch("other_sources").trim();
  return (
    <>
      <Choice path="verification" label={t("plan.verification")}>
        {["low", "medium", "high"].map((key) => (
          <option key={key} value={key}>
            {capital(nameOf("verification", key))}
          </option>
        ))}
      </Choice>
      <Ticks
        path="sources"
        label={t("plan.sources")}
        hint={t("plan.sourcesHint")}
        choices={[
          { key: "clinics", name: t("plan.clinics") },
          ...imports.map((each) => ({ key: each.import_id, name: each.name })),
        ]}
      />
      {all && <p className="hint">{t("plan.allSources")}</p>}
      <Line
        path="other_sources"
        label={t("plan.otherSources")}
        hint={t("plan.otherSourcesHint")}
        code
      />
      <Passage
        path="data_security"
        label={t("plan.dataSecurity")}
        hint={t("plan.dataSecurityHint")}
      />
    </>
  );
}
