/** The labelling protocol as it is read: what is new, how to read, the signs of each class. */
import { useTranslation } from "react-i18next";
import { labelOf } from "../language";
import { day } from "../language/format";
import { useClasses } from "./class-list";
import type { Protocol } from "./queries";

export function ProtocolText({ protocol }: { protocol: Protocol }) {
  const { t } = useTranslation("reading");
  const { version, published_at, changes, instruction, signs, examples } = protocol;
  return (
    <div className="protocol">
      <p className="hint">
        {t("protocolPage.version", { version })}
        {published_at && ` ${t("protocolPage.published", { date: day(published_at) })}`}
      </p>
      {changes && (
        <section className="notice">
          <h2>{t("protocolPage.changes")}</h2>
          <p>{labelOf(changes)}</p>
        </section>
      )}
      <section>
        <h2>{t("protocolPage.instruction")}</h2>
        {labelOf(instruction)
          .split(/\n+/)
          .map((paragraph) => (
            <p key={paragraph} className="measure">
              {paragraph}
            </p>
          ))}
      </section>
      <section>
        <h2>{t("protocolPage.signs")}</h2>
        <div className="signs">
          {useClasses().map(({ key, name }) => (
            <section key={key}>
              <h3>{name}</h3>
              <ul>
                {(signs[key] ?? []).map((sign) => (
                  <li key={sign.ru}>{labelOf(sign)}</li>
                ))}
              </ul>
              {(examples[key] ?? []).length > 0 && (
                <div className="examples">
                  {(examples[key] ?? []).map((link) => (
                    <img
                      key={link.split("?", 1)[0]}
                      src={link}
                      alt={t("protocolPage.example", { name })}
                      loading="lazy"
                    />
                  ))}
                </div>
              )}
            </section>
          ))}
        </div>
      </section>
    </div>
  );
}
