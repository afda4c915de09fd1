/** The login of an account that reads; the end of its id until the list is there. */
import { useQuery } from "@tanstack/react-query";
import { tail } from "./format";
import { readersQuery } from "./queries";

export function useLogin(): (accountId: string) => string {
  const readers = useQuery(readersQuery).data?.items;
  return (accountId) =>
    readers?.find((each) => each.account_id === accountId)?.login ?? tail(accountId);
}
