/** A window above the page: focus stays in it, Escape leaves it. */
import type { ReactNode } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import "../styles/dialog.css";

interface Shown {
  title: string;
  close: () => void;
  /** `wide` for tables and pictures. */
  size?: "narrow" | "wide";
  /** The acts, on the right below; without them there is a button that closes. */
  acts?: ReactNode;
  role?: "dialog" | "alertdialog";
  children: ReactNode;
}

export function Window({ title, close, size = "narrow", acts, role, children }: Shown) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      className="veil"
      isOpen
      isDismissable={role !== "alertdialog"}
      onOpenChange={(open) => {
        if (!open) close();
      }}
    >
      <Modal className={`window ${size}`}>
        <Dialog role={role}>
          <Heading slot="title">{title}</Heading>
          <div className="window-body">{children}</div>
          <div className="actions window-acts">
            {acts ?? <Button onPress={close}>{t("close")}</Button>}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
