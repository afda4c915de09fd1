/** The reader's hand: what is assigned, blind. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Assignment } from "../api/contract";
import { assignmentsQuery } from "../api/queries";
import { Page } from "../app/page";
import { Picture } from "../images/picture";
import { counted, deadline } from "../language/format";
import { useChoiceName } from "../patients/words";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";

export function Readings() {
  const { t } = useTranslation();
  const hand = useQuery(assignmentsQuery);
  return (
    <Page title={t("readings.title")}>
      <p className="hint measure">{t("readings.blind")}</p>
      {hand.isPending && <Skeleton rows={6} shape="tile" />}
      {hand.isError && !hand.data && <Failure error={hand.error} retry={() => hand.refetch()} />}
      {hand.data?.items.length === 0 && (
        <div className="empty">
          <h2>{t("readings.empty")}</h2>
          <p>{t("readings.emptyWhy")}</p>
        </div>
      )}
      {hand.data && hand.data.items.length > 0 && (
        <ul className="tiles">
          {hand.data.items.map((item) => (
            <Tile key={item.assignment_id} item={item} renew={() => void hand.refetch()} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Tile({ item, renew }: { item: Assignment; renew: () => void }) {
  const { t } = useTranslation();
  const nameOf = useChoiceName();
  const site = item.site ? nameOf("site", item.site) : t("readings.noSite");
  const age =
    item.age === null
      ? t("readings.noAge")
      : counted(item.age, t("years", { returnObjects: true }));
  const sex = item.sex ? t(`sex.${item.sex}`) : t("readings.noSex");
  return (
    <li className="tile">
      <Picture url={item.image_url} alt={t("readings.alt", { site })} expired={renew} />
      <div className="tile-words">
        <strong>{site}</strong>
        <span>
          {age}, {sex.toLocaleLowerCase()} · {t(`kind.${item.kind}`).toLocaleLowerCase()}
        </span>
        <small>{t("readings.until", { moment: deadline(item.leased_until) })}</small>
        {item.round === "arbitration" && <small>{t("readings.arbitration")}</small>}
      </div>
    </li>
  );
}
