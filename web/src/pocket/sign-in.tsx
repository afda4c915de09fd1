/** A patient's way back in: the form alone, and what to do without login or password. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { staysSignedIn } from "../session/kept";
import { rememberedLogin } from "../session/remembered";
import { SignInForm } from "../session/sign-in-form";

export function SignIn() {
  const { t } = useTranslation("pocket");
  const { t: common } = useTranslation();
  return (
    <Page title={common("signIn.title")}>
      <SignInForm login={rememberedLogin()} stay={staysSignedIn()} />
      <p>{t("signIn.code")}</p>
      <Link className="button large" to="/open">
        {t("signIn.open")}
      </Link>
    </Page>
  );
}
