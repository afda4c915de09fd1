/** Why the pool did not do what was asked, in a sentence. */
import { useTranslation } from "react-i18next";
import { SignInRefused } from "../session/pool";
import { useSentence } from "../ui/failure";
import { type Known, meaningOf } from "./refusals";

/** A code that was typed too short, before anybody is asked. */
export class NoCode extends Error {}

export function Refused({ id, error }: { id?: string; error: unknown }) {
  const say = useRefusal();
  const sentence = say(error);
  if (sentence === null) return null;
  return (
    <div className="failure" role="alert" id={id}>
      <p>{sentence}</p>
    </div>
  );
}

/** The sentence for a refusal; null where the window that asks to sign in again says it. */
export function useRefusal(): (error: unknown) => string | null {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const sentence = useSentence();
  const known: Record<Known, () => string | null> = {
    wrong: () => t("refused.wrong"),
    weak: () => t("refused.weak"),
    tooMany: () => common("signIn.tooMany"),
    codeWrong: () => common("signIn.codeWrong"),
    codeUsed: () => common("signIn.codeUsed"),
    none: () => t("factor.none"),
    ended: () => null,
  };
  return (error) => {
    if (error instanceof NoCode) return common("signIn.codeEmpty");
    const meaning = meaningOf(error);
    if (meaning) return known[meaning]();
    if (error instanceof SignInRefused) return t("refused.other", { type: error.type });
    return sentence(error);
  };
}
