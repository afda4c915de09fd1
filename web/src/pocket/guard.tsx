/** The patient's pages are for a patient who is signed in, or stays so on this phone. */
import { useQuery } from "@tanstack/react-query";
import { type ComponentType, type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "../api/contract";
import { accountQuery, queryClient } from "../api/queries";
import { Only } from "../app/only";
import { language } from "../language";
import { useSession } from "../session/session";
import { keepNote, readNote } from "./keeping/notes";
import { currentOwner } from "./keeping/owner";
import { offer } from "./offline/manifest";
import { loadNewer, register, useNewer } from "./offline/registering";
import { SignIn } from "./sign-in";
import "./words";
import "./pocket.css";

export async function guarded(Shown: ComponentType): Promise<{ Component: ComponentType }> {
  await rememberWho();
  return {
    Component: () => (
      <Mine>
        <Shown />
      </Mine>
    ),
  };
}

/** Without a network the account cannot be asked: what this phone knows of it holds until it can. */
async function rememberWho(): Promise<void> {
  const owner = currentOwner();
  if (!owner || queryClient.getQueryData(accountQuery.queryKey)) return;
  const kept = await readNote<Account>(owner, "account");
  if (kept) queryClient.setQueryData(accountQuery.queryKey, kept, { updatedAt: 0 });
}

function Mine({ children }: { children: ReactNode }) {
  const { signedIn, ended } = useSession();
  useTranslation();
  const shown = language();
  useEffect(() => {
    register();
    offer(shown);
  }, [shown]);
  return (
    <div className="pocket">
      <Newer />
      {signedIn || ended ? <OfPatient>{children}</OfPatient> : <SignIn />}
    </div>
  );
}

function OfPatient({ children }: { children: ReactNode }) {
  const account = useQuery(accountQuery).data;
  useEffect(() => {
    const owner = currentOwner();
    if (owner && account?.role === "patient") {
      void keepNote(owner, "account", account).catch(() => undefined);
    }
  }, [account]);
  return <Only roles={["patient"]}>{children}</Only>;
}

/** A newer version of the pages waits: a reload at the wrong time could lose what is being written. */
function Newer() {
  const { t } = useTranslation("pocket");
  if (!useNewer()) return null;
  return (
    <div className="notice newer" role="status">
      <p>{t("newer.here")}</p>
      <button type="button" onClick={loadNewer}>
        {t("newer.load")}
      </button>
    </div>
  );
}
