/** The way out. What waits to be sent would be lost, so that is asked first. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { Page as Frame } from "../../app/page";
import { signOut } from "../../session/session";
import { Skeleton } from "../../ui/skeleton";
import { sendNow, useWaiting } from "../keeping/waiting";
import { WaitingList } from "../waiting-list";
import "../words";

export function Page() {
  const { t } = useTranslation("pocket");
  const { t: common } = useTranslation();
  const { tasks, sending } = useWaiting();
  const [asked, setAsked] = useState(false);
  const go = useNavigate();
  const free = tasks?.length === 0 && !asked;

  useEffect(() => {
    if (tasks && tasks.length > 0) setAsked(true);
  }, [tasks]);
  useEffect(() => {
    if (!free) return;
    void Promise.resolve(go("/", { replace: true })).then(signOut);
  }, [free, go]);

  if (!tasks || free) return <Skeleton rows={1} />;
  return (
    <Frame title={t("out.title")} above={<Link to="/me">{t("back")}</Link>}>
      <p className="lead">{t(tasks.length > 0 ? "out.waits" : "out.gone")}</p>
      <WaitingList />
      <div className="steps">
        {tasks.length > 0 && (
          <button
            type="button"
            className="primary large"
            disabled={sending}
            onClick={() => void sendNow()}
          >
            {t("out.send")}
          </button>
        )}
        <button
          type="button"
          className="large"
          onClick={() => void Promise.resolve(go("/", { replace: true })).then(signOut)}
        >
          {tasks.length > 0 ? t("out.anyway") : common("signIn.out")}
        </button>
      </div>
    </Frame>
  );
}
