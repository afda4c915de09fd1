/** A text to be taken elsewhere whole: commands, a secret told once. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "../styles/copy.css";

export function CopyText({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  return (
    <div className="copy">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled with the keyboard */}
      <section className="copy-text" tabIndex={0} aria-label={label}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
      {/* Without a secure address the browser has no clipboard, and the text is selected by hand. */}
      {navigator.clipboard && (
        <button
          type="button"
          onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
        >
          {copied ? t("copied") : t("copy")}
        </button>
      )}
      <span className="unseen" role="status">
        {copied && t("copied")}
      </span>
    </div>
  );
}
