/** The way in for a patient: the doctor's code and a password of one's own, and no more than that. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "../words";
import "../pocket.css";
import { OpenForm } from "./form";
import { LoginCard } from "./login-card";

export interface Opened {
  login: string;
  recovered: boolean;
  /** Signing in right after did not come about: the sign-in page does it. */
  signedIn: boolean;
}

export function OpenPage() {
  useTranslation("pocket");
  const [opened, setOpened] = useState<Opened | null>(null);
  return (
    <div className="pocket narrow">
      {opened ? <LoginCard opened={opened} /> : <OpenForm opened={setOpened} />}
    </div>
  );
}
