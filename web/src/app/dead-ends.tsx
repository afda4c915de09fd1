/** Where nothing more is to be had: an unknown address, a page that broke. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "./page";

export function NoSuchPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("failure.noPage")}>
      <p>{t("failure.noPageWhy")}</p>
      <p>
        <Link to="/">{t("home")}</Link>
      </p>
    </Page>
  );
}

export function Broken() {
  const { t } = useTranslation();
  return (
    <main id="content">
      <Page title={t("failure.title")}>
        <p role="alert">{t("failure.unexpected")}</p>
        <button type="button" onClick={() => location.reload()}>
          {t("reload")}
        </button>
      </Page>
    </main>
  );
}
