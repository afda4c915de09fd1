/** Who may fetch a controlled dataset: keys that are told once, and their end. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import { day, today } from "../../language/format";
import { Confirm } from "../../ui/confirm";
import { Empty } from "../../ui/empty";
import { Listed } from "../../ui/listed";
import { type Grant, grantsQuery, revoke } from "../queries";
import { GiveAccess } from "./give-access";

export function Grants({ code }: { code: string }) {
  const { t } = useTranslation("datasets");
  const [giving, give] = useState(false);
  const [ending, end] = useState<Grant | null>(null);
  const query = grantsQuery(code);
  return (
    <>
      <div className="page-head">
        <p className="measure">{t("releases.grants.why")}</p>
        <button type="button" className="primary" onClick={() => give(true)}>
          {t("releases.grants.give")}
        </button>
      </div>
      <Listed
        query={query}
        empty={
          <Empty title={t("releases.grants.none")}>
            <p>{t("releases.grants.noneWhy")}</p>
          </Empty>
        }
      >
        {(grants) => (
          <ul className="rows">
            {grants.map((grant) => (
              <Row key={grant.grant_id} grant={grant} end={() => end(grant)} />
            ))}
          </ul>
        )}
      </Listed>
      {giving && <GiveAccess code={code} close={() => give(false)} />}
      {ending && (
        <Confirm
          title={t("releases.grants.revokeTitle")}
          act={t("releases.grants.revoke")}
          close={() => end(null)}
          perform={async () => {
            await revoke(code, ending.grant_id);
            await queryClient.invalidateQueries({ queryKey: query.queryKey });
          }}
        >
          <p>{t("releases.grants.revokeWhy", { recipient: ending.recipient })}</p>
        </Confirm>
      )}
    </>
  );
}

function Row({ grant, end }: { grant: Grant; end: () => void }) {
  const { t } = useTranslation("datasets");
  const over = grant.expires_on < today();
  const standing = grant.revoked_at
    ? t("releases.grants.revoked", { date: day(grant.revoked_at) })
    : t(over ? "releases.grants.ended" : "releases.grants.until", { date: day(grant.expires_on) });
  const good = !grant.revoked_at && !over;
  return (
    <li>
      <div className="grow">
        <strong>{grant.recipient}</strong>
        <br />
        <span>{grant.purpose}</span>
        <br />
        <small>
          {t("releases.grants.given")} {day(grant.created_at)},{" "}
          <span className={good ? undefined : "over"}>{standing}</span>
        </small>
      </div>
      {good && (
        <button
          type="button"
          aria-label={`${t("releases.grants.revoke")}: ${grant.recipient}`}
          onClick={end}
        >
          {t("releases.grants.revoke")}
        </button>
      )}
    </li>
  );
}
