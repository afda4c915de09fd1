/** The login, told once and large, with ways to keep it; then on to the pages. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../../app/page";
import { StayChoice } from "../own/stay-choice";
import { KeepLogin } from "./keep-login";
import type { Opened } from "./page";

export function LoginCard({ opened: { login, recovered, signedIn } }: { opened: Opened }) {
  const { t } = useTranslation("pocket");
  const card = useRef<HTMLDivElement>(null);
  const [kept, setKept] = useState(false);
  useEffect(() => card.current?.focus(), []);
  return (
    <Page title={t(recovered ? "open.recovered" : "open.done")}>
      <div className="login-card" ref={card} tabIndex={-1}>
        <p>{t("open.login")}</p>
        <p className="login-itself">{login}</p>
        <p>{t("open.loginWhy")}</p>
      </div>
      <KeepLogin login={login} kept={() => setKept(true)} />
      {signedIn && <StayChoice />}
      <Link className="button primary large" to="/me">
        {t(signedIn ? "open.go" : "open.signIn")}
      </Link>
      {!kept && <p className="hint">{t("open.keepFirst")}</p>}
    </Page>
  );
}
