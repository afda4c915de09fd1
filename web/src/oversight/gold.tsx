/** Gold cases: what is known of each, and what readers said of it. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { useClassName } from "../images/opinion";
import { moment } from "../language/format";
import { Empty } from "../ui/empty";
import { Listed } from "../ui/listed";
import { ExpertsParts } from "./experts-parts";
import { tail, whole } from "./format";
import { goldQuery } from "./queries";
import { useRowKeys } from "./row-keys";
import type { Gold } from "./shapes";
import { useLogin } from "./use-login";
import "./words";
import "../styles/parts.css";
import "./oversight.css";
import "./experts.css";

export function GoldPage() {
  const { t } = useTranslation("oversight");
  return (
    <Page title={t("experts.gold")}>
      <ExpertsParts />
      <p className="measure hint">{t("experts.goldLead")}</p>
      <Listed
        query={goldQuery}
        empty={
          <Empty title={t("experts.goldEmpty")}>
            <p>{t("experts.goldEmptyWhy")}</p>
            <p>
              <Link to="/cases?state=confirmed">{t("experts.toConfirmed")}</Link>
            </p>
          </Empty>
        }
      >
        {(cases) => <Table cases={cases} />}
      </Listed>
    </Page>
  );
}

function Table({ cases }: { cases: readonly Gold[] }) {
  const { t } = useTranslation("oversight");
  const keys = useRowKeys();
  return (
    <table className="list" {...keys}>
      <thead>
        <tr>
          <th scope="col">{t("experts.case")}</th>
          <th scope="col">{t("experts.truth")}</th>
          {(["given", "correct", "wrong"] as const).map((name) => (
            <th key={name} scope="col" className="number">
              {t(`experts.${name}`)}
            </th>
          ))}
          <th scope="col">{t("experts.answers")}</th>
        </tr>
      </thead>
      <tbody>
        {cases.map((one) => (
          <Row key={one.image_id} one={one} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ one }: { one: Gold }) {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  return (
    <tr>
      <th scope="row">
        <Link to={`/cases/${one.image_id}`}>{tail(one.image_id)}</Link>
      </th>
      <td className="begun" data-name={t("experts.truth")}>
        {one.truth ? nameOf(one.truth) : "—"}
        {one.proof && <small className="beneath">{t(`experts.proofs.${one.proof}`)}</small>}
      </td>
      {(["given", "correct", "wrong"] as const).map((name) => (
        <td key={name} className="number" data-name={t(`experts.${name}`)}>
          {whole(one[name])}
        </td>
      ))}
      <td data-name={t("experts.answers")}>
        <Answers one={one} />
      </td>
    </tr>
  );
}

function Answers({ one }: { one: Gold }) {
  const { t } = useTranslation("oversight");
  const nameOf = useClassName();
  const login = useLogin();
  if (one.answers.length === 0) return t("experts.noAnswers");
  return (
    <ul className="gold-answers">
      {one.answers.map((answer) => (
        <li
          key={`${answer.account_id} ${answer.at}`}
          data-correct={answer.correct}
          title={moment(answer.at)}
        >
          {login(answer.account_id)}:{" "}
          {answer.image_quality === "unusable" ? t("overview.unusable") : nameOf(answer.diagnosis)}
        </li>
      ))}
    </ul>
  );
}
