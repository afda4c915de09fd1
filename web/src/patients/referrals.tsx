/** The clinic's referrals: patients referred to it, and those it referred to others. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { deadline, moment } from "../language/format";
import { Empty } from "../ui/empty";
import { Listed } from "../ui/listed";
import { Views } from "../ui/tabs";
import "./patients.css";
import { type Direction, type Referral, referralsQuery } from "./queries";
import { ReferralActs } from "./referral-acts";
import { useClinicName } from "./referring";
import "./words";

const DIRECTIONS: readonly Direction[] = ["in", "out"];

export function ReferralsPage() {
  const { t } = useTranslation("patients");
  return (
    <Page title={t("referral.page")}>
      <Views
        label={t("referral.page")}
        views={DIRECTIONS.map((direction) => ({
          key: direction,
          name: t(`referral.${direction}`),
          content: <Those direction={direction} />,
        }))}
      />
    </Page>
  );
}

function Those({ direction }: { direction: Direction }) {
  const { t } = useTranslation("patients");
  return (
    <Listed
      query={referralsQuery(direction)}
      empty={
        <Empty title={t("referral.none")}>
          <p>{t(direction === "in" ? "referral.noneIn" : "referral.noneOut")}</p>
        </Empty>
      }
    >
      {(referrals) => (
        <ul className="rows">
          {referrals.map((referral) => (
            <Row key={referral.referral_id} referral={referral} />
          ))}
        </ul>
      )}
    </Listed>
  );
}

function Row({ referral }: { referral: Referral }) {
  const { t } = useTranslation("patients");
  const common = useTranslation().t;
  const clinicName = useClinicName();
  const isIn = referral.direction === "in";
  const clinic = clinicName(isIn ? referral.from_clinic_id : referral.to_clinic_id);
  const last = referral.history.at(-1);
  const who =
    referral.sex && referral.birth_year
      ? `${common(`sex.${referral.sex}`)}, ${common("born", { year: referral.birth_year })}`
      : null;
  return (
    <li>
      <div className="grow">
        <strong>
          {referral.patient_id && who ? (
            <Link to={`/patients/${referral.patient_id}`}>{who}</Link>
          ) : (
            who
          )}{" "}
          {t(isIn ? "referral.from" : "referral.to", { clinic })}
        </strong>
        {referral.reason && <p>{referral.reason}</p>}
        <small className="block">
          {t(`referral.states.${referral.state}`)} ·{" "}
          {t("referral.offered", { moment: moment(referral.offered_at) })}
          {referral.state === "offered" &&
            `, ${t("referral.until", { moment: deadline(referral.expires_at) })}`}
          {last?.reason && referral.state !== "offered" && ` · ${last.reason}`}
        </small>
      </div>
      <ReferralActs
        referralId={referral.referral_id}
        state={referral.state}
        direction={referral.direction}
      />
    </li>
  );
}
