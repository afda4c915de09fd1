/** The way in: what Rodinka is, and the form. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { rememberedLogin } from "./remembered";
import { SignInForm } from "./sign-in-form";

export function SignInPage() {
  const { t } = useTranslation();
  return (
    <div className="welcome">
      <section className="measure">
        <p className="lead">{t("about")}</p>
      </section>
      <Page title={t("signIn.title")}>
        <SignInForm login={rememberedLogin()} />
        <p>
          {t("signIn.patient")} <Link to="/open">{t("signIn.byCode")}</Link>
        </p>
      </Page>
    </div>
  );
}
