/** The patient's pages are for a patient who is signed in, or stays so on this phone. */
import { useQuery } from "@tanstack/react-query";
import { type ComponentType, type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { accountQuery } from "../api/queries";
import { Only } from "../app/only";
import { language } from "../language";
import { useSession } from "../session/session";
import { SignInPage } from "../session/sign-in-page";
import { restore } from "./keeping/staying";
import { offer } from "./offline/manifest";
import { loadNewer, register, useNewer } from "./offline/registering";
import { meQuery } from "./queries";
import "./words";
import "./pocket.css";

export async function guarded(Shown: ComponentType): Promise<{ Component: ComponentType }> {
  await restore();
  return {
    Component: () => (
      <Mine>
        <Shown />
      </Mine>
    ),
  };
}

function Mine({ children }: { children: ReactNode }) {
  const { signedIn } = useSession();
  useTranslation();
  const shown = language();
  useEffect(() => {
    register();
    offer(shown);
  }, [shown]);
  return (
    <div className="pocket">
      <Newer />
      {signedIn ? <OfPatient>{children}</OfPatient> : <SignInPage />}
    </div>
  );
}

/** Without a network the account cannot be asked; what this phone keeps of a patient says as much. */
function OfPatient({ children }: { children: ReactNode }) {
  const account = useQuery(accountQuery);
  const patient = account.data?.role === "patient";
  const unknown = !account.data && (account.failureCount > 0 || !navigator.onLine);
  const me = useQuery({ ...meQuery, enabled: patient || unknown });
  return patient || (unknown && me.data) ? children : <Only roles={["patient"]}>{children}</Only>;
}

/** A newer version of the pages waits; nothing that is being written is lost by a reload at the wrong time. */
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
