/** After everything was erased: that it is done, and that nothing more is asked. */
import { useTranslation } from "react-i18next";
import { Page } from "../../app/page";
import "../words";
import "../pocket.css";

export function Goodbye() {
  const { t } = useTranslation("pocket");
  return (
    <div className="pocket narrow">
      <Page title={t("goodbye.title")}>
        <p className="lead">{t("goodbye.what")}</p>
        <p>{t("goodbye.health")}</p>
        <p>{t("goodbye.close")}</p>
      </Page>
    </div>
  );
}
