/** After a photograph: whether it has gone or waits, and what may come next. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useWaiting } from "../keeping/waiting";
import { WaitingList } from "../waiting-list";
import type { Target } from "./sending";

export function Sent({ target, again }: { target: Target; again: () => void }) {
  const { t } = useTranslation("pocket");
  const { tasks, made } = useWaiting();
  const id =
    target.kind === "known" ? target.id : target.kind === "waiting" ? made[target.task] : undefined;
  const path = id ? `/me/moles/${encodeURIComponent(id)}` : null;
  const asks = path
    ? `${path}/ask`
    : target.kind === "waiting" && `/me/moles/new/ask?task=${encodeURIComponent(target.task)}`;
  return (
    <div className="sent">
      <p role="status" className="lead">
        {t(tasks?.length === 0 ? "sent.gone" : "sent.kept")}
      </p>
      <WaitingList />
      <p>{t("sent.what")}</p>
      <div className="steps">
        {asks && (
          <Link className="button primary large" to={asks}>
            {t("sent.ask")}
          </Link>
        )}
        {path && (
          <Link className="button large" to={path}>
            {t("sent.series")}
          </Link>
        )}
        <button type="button" className="large" onClick={again}>
          {t("sent.again")}
        </button>
        <Link to="/me">{t("back")}</Link>
      </div>
    </div>
  );
}
