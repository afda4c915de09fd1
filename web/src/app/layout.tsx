/** What is around every page: the name, the sections of one's role, the language, the way out. */
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, ScrollRestoration, useLocation } from "react-router";
import type { Account } from "../api/contract";
import { accountQuery, queryClient } from "../api/queries";
import { useSendingAll } from "../images/uploads";
import { language, switchLanguage } from "../language";
import { signOut, useSession } from "../session/session";
import { SignInAgain } from "../session/sign-in-again";
import { SECTIONS } from "./sections";

export function Layout() {
  const { t } = useTranslation();
  const { signedIn, ended } = useSession();
  return (
    <>
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <header className="masthead">
        <Link className="brand" to="/">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          {t("product")}
        </Link>
        {signedIn ? <Signed /> : <span className="grow" />}
        <Sending />
        <LanguageSwitch />
        {signedIn ? <WayOut /> : <WayIn />}
      </header>
      <Offline />
      <main id="content" tabIndex={-1} className={ended ? "unseen-content" : undefined}>
        <Outlet />
      </main>
      {ended && <SignInAgain />}
      <footer className="bottom">
        <span>{t("research")}</span>
        <nav className="bottom-links" aria-label={t("publicPages")}>
          <Link to="/registry">{t("registry")}</Link>
          <Link to="/docs">{t("reference")}</Link>
        </nav>
      </footer>
      <ScrollRestoration />
    </>
  );
}

function Signed() {
  const { t } = useTranslation();
  const account = useQuery(accountQuery).data;
  return (
    <>
      <nav className="grow" aria-label={t("menu")}>
        {account && <Sections account={account} />}
      </nav>
      {account && <Who account={account} />}
    </>
  );
}

/** Whoever is signed in, and the way to what is his own: on a phone a figure alone. */
function Who({ account }: { account: Account }) {
  const { t } = useTranslation();
  const patient = account.role === "patient";
  return (
    <Link className="who" to={patient ? "/me/own" : "/account"}>
      <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" className="icon">
        <circle cx="12" cy="8" r="4" />
        <path d="M4 21c0-4.500 3.500-7 8-7s8 2.500 8 7" />
      </svg>
      <span className="who-itself">
        {account.login}
        <small>{account.clinic?.name ?? t(`role.${account.role}`)}</small>
      </span>
      <span className="unseen">{t(patient ? "sections.ownData" : "ownAccount")}</span>
    </Link>
  );
}

/** Other pages ask to sign in themselves; these are read without. */
const PUBLIC = /^\/(registry|docs)(\/|$)/;

function WayIn() {
  const { t } = useTranslation();
  if (!PUBLIC.test(useLocation().pathname)) return null;
  return (
    <Link className="button quiet" to="/">
      {t("signIn.submit")}
    </Link>
  );
}

/** A patient's phone may hold what was not sent yet: his way out asks about that. */
function WayOut() {
  const { t } = useTranslation();
  const patient = useQuery(accountQuery).data?.role === "patient";
  return patient ? (
    <Link className="button quiet" to="/me/out">
      {t("signIn.out")}
    </Link>
  ) : (
    <button type="button" className="quiet" onClick={() => void signOut()}>
      {t("signIn.out")}
    </button>
  );
}

function Sections({ account }: { account: Account }) {
  const { t } = useTranslation();
  return SECTIONS[account.role].map(({ to, name, end }) => (
    <NavLink key={to} to={to} end={end}>
      {t(`sections.${name}`)}
    </NavLink>
  ));
}

/** What is being sent goes on on every page, and is told of on every page. */
function Sending() {
  const { t } = useTranslation();
  const all = useSendingAll();
  return (
    <span role="status" className="sending">
      {all && (
        <>
          <progress value={all.sent} max={all.of} aria-label={t("upload.title")} />
          <small>{t(all.failed > 0 ? "upload.someFailed" : "upload.all", all)}</small>
        </>
      )}
    </span>
  );
}

function LanguageSwitch() {
  const { t } = useTranslation();
  const other = language() === "ru" ? "en" : "ru";
  return (
    <button
      type="button"
      className="quiet"
      lang={other}
      onClick={async () => {
        await switchLanguage(other);
        // Some answers carry sentences in the language they were asked in.
        await queryClient.invalidateQueries();
      }}
    >
      {t("otherLanguage")}
    </button>
  );
}

function Offline() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(onConnection, () => navigator.onLine);
  return (
    <div role="status" aria-live="polite">
      {!online && <p className="banner">{t("offline")}</p>}
    </div>
  );
}

function onConnection(changed: () => void): () => void {
  addEventListener("online", changed);
  addEventListener("offline", changed);
  return () => {
    removeEventListener("online", changed);
    removeEventListener("offline", changed);
  };
}
