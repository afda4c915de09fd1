/** Nothing is left to read. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { counted } from "../language/format";
import { Figures } from "./figures";

/** `here` counts what was read since the page was opened. */
export function Done({ here }: { here: number }) {
  const { t } = useTranslation("reading");
  return (
    <Page title={t(here > 0 ? "empty.title" : "empty.fresh")}>
      <div className="done">
        {here > 0 && (
          <p className="lead">
            {t("empty.here", { images: counted(here, t("images", { returnObjects: true })) })}
          </p>
        )}
        <p>{t(here > 0 ? "empty.why" : "empty.whyFresh")}</p>
        <Figures />
        <p>
          <Link className="button" to="/readings/protocol">
            {t("protocol")}
          </Link>
        </p>
      </div>
    </Page>
  );
}
