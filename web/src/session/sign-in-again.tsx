/** The session ended by itself: sign in again, and go on with what was being done. */
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { accountQuery, queryClient } from "../api/queries";
import { Window } from "../ui/dialog";
import { staysSignedIn } from "./kept";
import { signOut } from "./session";
import { SignInForm } from "./sign-in-form";

export function SignInAgain() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const account = queryClient.getQueryData(accountQuery.queryKey);

  function entering(login: string) {
    if (account && account.login !== login) {
      // Somebody else: nothing of what stands behind this window is his.
      queryClient.clear();
      void navigate("/");
    } else {
      void queryClient.invalidateQueries();
    }
  }

  return (
    <Window
      title={t("signIn.title")}
      role="alertdialog"
      close={() => void signOut()}
      acts={
        <button type="button" className="quiet" onClick={() => void signOut()}>
          {t("signIn.leave")}
        </button>
      }
    >
      <p className="notice" role="status">
        {t("signIn.ended")}
      </p>
      <SignInForm login={account?.login} stay={staysSignedIn()} entering={entering} />
    </Window>
  );
}
