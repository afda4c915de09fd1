/** A destructive act asks once: what it does, in a sentence, and the act by its own name. */
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Window } from "./dialog";
import { Failure } from "./failure";

interface Asked {
  title: string;
  /** What the button says: the act, never "OK". */
  act: string;
  children: ReactNode;
  /** The window closes when it is done, and stays with the reason when it is not. */
  perform: () => Promise<unknown>;
  close: () => void;
  /** Not yet: a reason is missing, for example. */
  blocked?: boolean;
}

export function Confirm({ title, act, children, perform, close, blocked }: Asked) {
  const { t } = useTranslation();
  const doing = useMutation({ mutationFn: perform, onSuccess: close });
  return (
    <Window
      title={title}
      close={close}
      role="alertdialog"
      acts={
        <>
          <button type="button" onClick={close}>
            {t("cancel")}
          </button>
          <button
            type="button"
            className="primary"
            disabled={blocked || doing.isPending}
            onClick={() => doing.mutate()}
          >
            {doing.isPending ? t("busy") : act}
          </button>
        </>
      }
    >
      {children}
      {doing.isError && <Failure error={doing.error} />}
    </Window>
  );
}
