/** The plan's form: six groups, one save; nothing typed is lost, and what the API refuses is marked where it stands. */
import { useEffect, useRef, useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Refusal } from "../../api/errors";
import { moment } from "../../language/format";
import { Confirm } from "../../ui/confirm";
import { Failure } from "../../ui/failure";
import { Views } from "../../ui/tabs";
import { ClassesGroup } from "./classes";
import { forgetDraft, keepDraft, keptDraft } from "./draft";
import { FaultSummary, useSeek } from "./fault-summary";
import {
  type Faults,
  FaultsAt,
  faultsOf,
  GROUPS,
  type Group,
  groupOf,
  pathOf,
  without,
} from "./faults";
import type { PlanDraft } from "./fields";
import { SplitsGroup } from "./splits";
import { TaskGroup } from "./task";
import { TermsGroup } from "./terms";
import { UnitsGroup } from "./units";
import { VerificationGroup } from "./verification";
import "./plan.css";

interface Shown {
  /** The dataset's code; `new` of one that is not there yet. */
  code: string;
  revision: number;
  start: PlanDraft;
  /** Resolves to the revision that was saved. */
  save: (draft: PlanDraft, revision: number) => Promise<number>;
  /** The plan as it stands now, and its revision: for whoever was overtaken. */
  reload: () => Promise<{ draft: PlanDraft; revision: number }>;
}

export function PlanEditor({ code, revision, start, save, reload }: Shown) {
  const { t } = useTranslation("datasets");
  const form = useForm<PlanDraft>({ defaultValues: start });
  const { isDirty, isSubmitting } = form.formState;
  const [group, setGroup] = useState<Group>("task");
  const [faults, setFaults] = useState<Faults>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [saved, setSaved] = useState<number | null>(null);
  const [reverting, setReverting] = useState(false);
  const base = useRef(revision);
  const restored = useDraft(form, code, base, (path) => {
    setFaults((before) => without(before, pathOf(path)));
    setSaved(null);
  });
  const seek = useSeek(setGroup);

  const send = async (draft: PlanDraft) => {
    setFailure(null);
    try {
      const next = await save(draft, base.current);
      base.current = next;
      restored.forget();
      form.reset(draft);
      setFaults({});
      setSaved(next);
    } catch (error) {
      const found = error instanceof Refusal ? faultsOf(error.fields) : {};
      setFaults(found);
      // What is said at fields is not said once more, nor after they are mended.
      if (Object.keys(found).length === 0) setFailure(error);
      const [first] = Object.keys(found);
      if (first !== undefined) setGroup(groupOf(first));
    }
  };
  const submit = form.handleSubmit(send);
  const take = (draft: PlanDraft, at: number) => {
    base.current = at;
    restored.forget();
    form.reset(draft);
    setFaults({});
    setFailure(null);
  };
  const overtaken = failure instanceof Refusal && failure.code === "changed_meanwhile";
  const marked = new Set(Object.keys(faults).map(groupOf));
  return (
    <FormProvider {...form}>
      <FaultsAt faults={faults}>
        <form
          className="plan-form"
          noValidate
          onSubmit={submit}
          onKeyDown={(event) => {
            // By its place: on a Russian keyboard the same key says another letter.
            if ((event.ctrlKey || event.metaKey) && event.code === "KeyS") {
              event.preventDefault();
              void submit();
            }
          }}
        >
          {restored.at && (
            <p className="notice">
              {t("plan.draftKept", { moment: moment(restored.at) })}{" "}
              <button type="button" className="link" onClick={() => setReverting(true)}>
                {code === "new" ? t("plan.draftDrop") : t("plan.revert")}
              </button>
            </p>
          )}
          <FaultSummary faults={faults} seek={seek} />
          {overtaken && (
            <section className="failure" role="alert">
              <p>{t("plan.changedMeanwhile")}</p>
              <div className="actions">
                <button
                  type="button"
                  onClick={() => void reload().then((now) => take(now.draft, now.revision))}
                >
                  {t("plan.loadTheirs")}
                </button>
                <button
                  type="button"
                  onClick={() =>
                    void reload().then((now) => {
                      base.current = now.revision;
                      return submit();
                    })
                  }
                >
                  {t("plan.keepMine")}
                </button>
              </div>
            </section>
          )}
          {failure !== null && !overtaken && <Failure error={failure} />}
          <Views
            label={t("plan.view.plan")}
            open={group}
            change={(key) => setGroup(GROUPS.find((each) => each === key) ?? "task")}
            views={GROUPS.map((key) => ({
              key,
              name: (
                <>
                  {t(`plan.groups.${key}`)}
                  {marked.has(key) && <b className="marked" role="img" aria-label="!" />}
                </>
              ),
              content: <GroupFields group={key} settled={code !== "new"} />,
            }))}
          />
          <div className="plan-save">
            <button
              type="submit"
              className="primary"
              disabled={isSubmitting || (code !== "new" && !isDirty)}
            >
              {isSubmitting ? t("plan.saving") : t(code === "new" ? "plan.create" : "plan.save")}
            </button>
            {isDirty && code !== "new" && (
              <button type="button" onClick={() => setReverting(true)}>
                {t("plan.revert")}
              </button>
            )}
            <span role="status" className="hint">
              {saved !== null && !isDirty && t("plan.saved", { revision: saved })}
              {isDirty && code !== "new" && t("plan.unsaved")}
            </span>
          </div>
          {reverting && (
            <Confirm
              title={t("plan.revertTitle")}
              act={t(code === "new" ? "plan.draftDrop" : "plan.revert")}
              close={() => setReverting(false)}
              perform={async () => {
                const now = await reload();
                take(now.draft, now.revision);
              }}
            >
              <p>{t("plan.revertWhy")}</p>
            </Confirm>
          )}
        </form>
      </FaultsAt>
    </FormProvider>
  );
}

function GroupFields({ group, settled }: { group: Group; settled: boolean }) {
  switch (group) {
    case "task":
      return <TaskGroup settled={settled} />;
    case "units":
      return <UnitsGroup />;
    case "classes":
      return <ClassesGroup />;
    case "verification":
      return <VerificationGroup />;
    case "splits":
      return <SplitsGroup />;
    case "terms":
      return <TermsGroup />;
  }
}

const KEPT_AFTER_MS = 400;

/** Keeps what is typed on this device, and brings it back; tells of each change. */
function useDraft(
  form: ReturnType<typeof useForm<PlanDraft>>,
  code: string,
  base: React.RefObject<number>,
  changed: (path: string) => void,
) {
  const [at, setAt] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = useRef(changed);
  tell.current = changed;
  useEffect(() => {
    const kept = keptDraft(code);
    if (kept) {
      base.current = kept.revision;
      form.reset({ ...form.getValues(), ...kept.draft }, { keepDefaultValues: true });
      setAt(kept.at);
    }
    const watched = form.watch((_, { name }) => {
      if (name === undefined) return;
      tell.current(name);
      clearTimeout(timer.current);
      timer.current = setTimeout(
        () => keepDraft(code, base.current, form.getValues()),
        KEPT_AFTER_MS,
      );
    });
    return () => {
      clearTimeout(timer.current);
      watched.unsubscribe();
    };
  }, [form, code, base]);
  return {
    at,
    /** Nothing is kept any more, nor what was about to be. */
    forget: () => {
      clearTimeout(timer.current);
      forgetDraft(code);
      setAt(null);
    },
  };
}
