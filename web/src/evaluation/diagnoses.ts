/** The nine classes by their names. */
import { useQuery } from "@tanstack/react-query";
import { vocabulariesQuery } from "../api/queries";
import { labelOf } from "../language";

export function useDiagnoses() {
  const classes = useQuery(vocabulariesQuery).data?.classes ?? [];
  return {
    keys: classes.map((each) => each.key),
    /** The key itself until the vocabulary is there. */
    nameOf: (key: string): string => {
      const found = classes.find((each) => each.key === key);
      return found ? labelOf(found.labels) : key;
    },
  };
}
