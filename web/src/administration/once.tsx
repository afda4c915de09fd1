/** A secret that is told once: it stays until whoever reads it says that he has it. */
import { useTranslation } from "react-i18next";
import { CopyText } from "../ui/copy";
import { Window } from "../ui/dialog";
import "./words";

interface Shown {
  title: string;
  why: string;
  secret: string;
  close: () => void;
}

export function ToldOnce({ title, why, secret, close }: Shown) {
  const { t } = useTranslation("administration");
  return (
    <Window
      title={title}
      close={close}
      role="alertdialog"
      acts={
        <button type="button" className="primary" onClick={close}>
          {t("keptIt")}
        </button>
      }
    >
      <p>{why}</p>
      <CopyText text={secret} label={title} />
    </Window>
  );
}
