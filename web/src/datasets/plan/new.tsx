/** A dataset that is not there yet: the plan first, and what it selects once it is saved. */
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useRequestKeys } from "../../api/idempotency";
import { Page } from "../../app/page";
import { today } from "../../language/format";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { createDataset } from "../queries";
import { PlanEditor } from "./editor";
import { newPlan, type PlanDraft, planOf } from "./fields";
import { previewAnew, usePlanVocabulary, type Vocabulary } from "./saving";
import "../../styles/parts.css";
import "../words";

export function NewDataset() {
  const { t } = useTranslation("datasets");
  const vocabulary = usePlanVocabulary();
  return (
    <Page title={t("plan.newTitle")} above={<Link to="/datasets">{t("plan.back")}</Link>}>
      {vocabulary.ready ? (
        <NewPlan vocabulary={vocabulary.ready} />
      ) : vocabulary.error ? (
        <Failure error={vocabulary.error} retry={vocabulary.retry} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Page>
  );
}

function NewPlan({ vocabulary }: { vocabulary: Vocabulary }) {
  const { t } = useTranslation("datasets");
  const navigate = useNavigate();
  const start = useRef(newPlan(today()));
  const keyFor = useRequestKeys();
  const save = async (draft: PlanDraft) => {
    const plan = planOf(draft, vocabulary.fields);
    const planned = await createDataset(plan, keyFor(plan));
    await previewAnew(planned.code);
    void navigate(`/datasets/${planned.code}`);
    return planned.revision;
  };
  return (
    <div className="plan-page">
      <PlanEditor
        code="new"
        revision={0}
        start={start.current}
        save={save}
        reload={async () => ({ draft: start.current, revision: 0 })}
      />
      <aside className="plan-aside">
        <h2>{t("selection.title")}</h2>
        <p className="hint">{t("selection.notYet")}</p>
      </aside>
    </div>
  );
}
