/** The plan of a dataset, with what it selects beside it. */
import { useTranslation } from "react-i18next";
import type { Labels } from "../../api/contract";
import { queryClient } from "../../api/queries";
import { labelOf } from "../../language";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { changePlan, type Dataset, datasetQuery } from "../queries";
import { PreviewPanel } from "../selection/preview";
import { PlanEditor } from "./editor";
import { type PlanDraft, planOf } from "./fields";
import { asDraft, previewAnew, usePlanVocabulary, type Vocabulary } from "./saving";

export function PlanView({ dataset }: { dataset: Dataset }) {
  const vocabulary = usePlanVocabulary();
  return (
    <div className="plan-page">
      {vocabulary.ready ? (
        <Editor key={dataset.code} dataset={dataset} vocabulary={vocabulary.ready} />
      ) : vocabulary.error ? (
        <Failure error={vocabulary.error} retry={vocabulary.retry} />
      ) : (
        <Skeleton rows={8} />
      )}
      <aside className="plan-aside">
        <Understood dataset={dataset} />
        <PreviewPanel dataset={dataset} />
      </aside>
    </div>
  );
}

function Editor({ dataset, vocabulary }: { dataset: Dataset; vocabulary: Vocabulary }) {
  const { code } = dataset;
  const save = async (draft: PlanDraft, revision: number) => {
    const planned = await changePlan(code, revision, planOf(draft, vocabulary.fields));
    await previewAnew(code);
    return planned.revision;
  };
  return (
    <PlanEditor
      code={code}
      revision={dataset.revision}
      start={asDraft(dataset.plan, vocabulary)}
      save={save}
      reload={async () => {
        const now = await queryClient.fetchQuery({ ...datasetQuery(code), staleTime: 0 });
        return { draft: asDraft(now.plan, vocabulary), revision: now.revision };
      }}
    />
  );
}

/** The criteria in words, as they will stand in the README, and what to think over. */
function Understood({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const { inclusion, non_inclusion, exclusion } = dataset.explained;
  const said = inclusion.length + non_inclusion.length + exclusion.length > 0;
  return (
    <>
      {dataset.remarks.length > 0 && (
        <section className="notice">
          <h2>{t("plan.remarks")}</h2>
          <Sentences said={dataset.remarks} />
        </section>
      )}
      {said && (
        <section className="part">
          <h2>{t("plan.understood")}</h2>
          <Sentences title={t("registry.inclusion")} said={inclusion} />
          <Sentences title={t("registry.nonInclusion")} said={non_inclusion} />
          <Sentences title={t("registry.exclusion")} said={exclusion} />
        </section>
      )}
    </>
  );
}

function Sentences({ title, said }: { title?: string; said: readonly Labels[] }) {
  if (said.length === 0) return null;
  return (
    <>
      {title && <h3>{title}</h3>}
      <ul className="bullets">
        {said.map((each) => (
          <li key={each.en}>{labelOf(each)}</li>
        ))}
      </ul>
    </>
  );
}
