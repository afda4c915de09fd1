/** One's own data: what is kept and where, the consent, the way out, and the way to erase it all. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page as Frame } from "../../app/page";
import { Confirm } from "../../ui/confirm";
import { Failure } from "../../ui/failure";
import { Skeleton } from "../../ui/skeleton";
import { takeBackPublication } from "../asking";
import { when } from "../dates";
import { KeepLogin } from "../open/keep-login";
import { meQuery } from "../queries";
import type { Me } from "../shapes";
import { Erasing } from "./erasing";
import { StayChoice } from "./stay-choice";
import "../words";

export function Page() {
  const { t } = useTranslation("pocket");
  const me = useQuery(meQuery);
  return (
    <Frame title={t("own.title")}>
      {me.isPending && <Skeleton rows={6} />}
      {!me.data && me.isError && <Failure error={me.error} retry={() => me.refetch()} />}
      {me.data && <Known me={me.data} />}
    </Frame>
  );
}

function Known({ me }: { me: Me }) {
  const { t } = useTranslation("pocket");
  const { t: common } = useTranslation();
  return (
    <div className="own">
      <section>
        <h2>{t("own.login")}</h2>
        <p className="login-itself">{me.login}</p>
        <KeepLogin login={me.login} />
        <StayChoice />
        <Link className="button" to="/me/own/sign-in">
          {t("own.signIn")}
        </Link>
      </section>
      <section>
        <h2>{t("own.kept")}</h2>
        <p>
          {me.clinic && t("own.keptBy", { clinic: me.clinic.name, date: when(me.since) })}{" "}
          {t("own.nameless")}
        </p>
        <ul className="plain">
          {(["photographs", "survey", "questions", "none"] as const).map((each) => (
            <li key={each}>{t(`own.keeps.${each}`)}</li>
          ))}
        </ul>
        <p>{t("own.phone")}</p>
      </section>
      <section>
        <h2>{t("own.consent")}</h2>
        <p>{t("own.research", { date: when(me.consent.given_on) })}</p>
        <Publication given={me.consent.publication} />
      </section>
      <section>
        <h2>{common("signIn.out")}</h2>
        <p>{t("own.outWhy")}</p>
        <Link className="button" to="/me/out">
          {common("signIn.out")}
        </Link>
      </section>
      <Erasing />
    </div>
  );
}

function Publication({ given }: { given: boolean }) {
  const { t } = useTranslation("pocket");
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  if (!given) return <p>{t("own.unpublished")}</p>;
  return (
    <>
      <p>{t("own.publication")}</p>
      <button type="button" onClick={() => setAsking(true)}>
        {t("own.takeBack")}
      </button>
      {asking && (
        <Confirm
          title={t("own.takeBackTitle")}
          act={t("own.takeBack")}
          perform={async () => {
            await takeBackPublication();
            await client.invalidateQueries({ queryKey: ["me"] });
          }}
          close={() => setAsking(false)}
        >
          <p>{t("own.takeBackWhy")}</p>
        </Confirm>
      )}
    </>
  );
}
