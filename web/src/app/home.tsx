/** The root: the way in for a stranger, one's own first page for whoever is signed in. */
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "react-router";
import { accountQuery } from "../api/queries";
import { useSession } from "../session/session";
import { SignInPage } from "../session/sign-in-page";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { FIRST } from "./sections";

export function Home() {
  const { signedIn, ended } = useSession();
  return signedIn || ended ? <Own /> : <SignInPage />;
}

function Own() {
  const account = useQuery(accountQuery);
  if (account.isPending) return <Skeleton />;
  if (!account.data) return <Failure error={account.error} retry={() => account.refetch()} />;
  return <Navigate to={FIRST[account.data.role]} replace />;
}
