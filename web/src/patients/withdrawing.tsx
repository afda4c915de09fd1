/** Taking a patient's consent back: what that does is said before. */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ask } from "../api/client";
import type { Patient, Schemas } from "../api/contract";
import { patientsQuery } from "../api/queries";
import { moment } from "../language/format";
import { Confirm } from "../ui/confirm";

export function Withdraw({ patient, close }: { patient: Patient; close: () => void }) {
  const { t } = useTranslation("patients");
  const navigate = useNavigate();
  const kept = useQueryClient();

  async function withdraw() {
    const done = await ask<Schemas["WithdrawalAnswer"]>(
      `/patients/${encodeURIComponent(patient.patient_id)}/consent/withdraw`,
      { method: "POST" },
    );
    await navigate("/patients", {
      state: { said: t("consent.done", { moment: moment(done.erased_by) }) },
    });
    // Lists and pages may still hold him.
    void kept.invalidateQueries({ queryKey: patientsQuery.queryKey });
    for (const queryKey of [["patient"], ["image"], ["histology"], ["questions"], ["referrals"]]) {
      kept.removeQueries({ queryKey });
    }
  }

  return (
    <Confirm title={t("consent.title")} act={t("consent.confirm")} perform={withdraw} close={close}>
      <p>{t("consent.does")}</p>
      <ul className="dotted">
        <li>{t("consent.erased")}</li>
        <li>{t("consent.account")}</li>
        <li>{t("consent.releases")}</li>
        <li>{t("consent.copies")}</li>
      </ul>
    </Confirm>
  );
}
