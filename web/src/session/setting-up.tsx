/** Setting up the second factor: the key, as a picture for a phone and as text. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { QrCode } from "../ui/qr";
import type { SetUp } from "./pool";

type AppKey = Pick<SetUp, "login" | "secret">;

export function SettingUp({ begun }: { begun: SetUp }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  // There is something to read before there is something to type.
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {t("signIn.setUp")}
      </h2>
      <p>{t("signIn.setUpWhy")}</p>
      <KeyForApp login={begun.login} secret={begun.secret} />
    </>
  );
}

/** The key for the app of whoever signs in by `login`. */
export function KeyForApp({ login, secret }: AppKey) {
  const { t } = useTranslation();
  return (
    <>
      <QrCode text={keyUri({ login, secret })} name={t("signIn.qr")} />
      <Key secret={secret} />
    </>
  );
}

function Key({ secret }: { secret: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  return (
    <div className="field">
      <p id="key-name">{t("signIn.key")}</p>
      <code className="key" translate="no">
        {secret.match(/.{1,4}/g)?.join(" ")}
      </code>
      <div className="beside">
        {"clipboard" in navigator && (
          <button
            type="button"
            aria-describedby="key-name"
            onClick={() =>
              void navigator.clipboard.writeText(secret).then(
                () => setCopied(true),
                () => setCopied(false),
              )
            }
          >
            {t("signIn.copyKey")}
          </button>
        )}
        <span role="status">{copied && t("signIn.copied")}</span>
      </div>
      <p className="hint">{t("signIn.keepKey")}</p>
    </div>
  );
}

/** The key as authenticator apps read it; SHA-1, six digits and 30 seconds are their default. */
function keyUri({ login, secret }: AppKey): string {
  return `otpauth://totp/Rodinka:${encodeURIComponent(login)}?secret=${secret}&issuer=Rodinka`;
}
