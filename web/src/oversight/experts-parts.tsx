/** The sections of what concerns experts: each has an address of its own. */
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";

export function ExpertsParts() {
  const { t } = useTranslation("oversight");
  return (
    <nav className="sub-nav" aria-label={t("experts.parts")}>
      <NavLink to="/experts" end>
        {t("experts.list")}
      </NavLink>
      <NavLink to="/experts/gold">{t("experts.gold")}</NavLink>
      <NavLink to="/experts/protocol">{t("experts.protocol")}</NavLink>
    </nav>
  );
}
