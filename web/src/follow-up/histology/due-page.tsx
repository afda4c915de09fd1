/** Lesions whose surveys asked for histology and have none, who asked first coming first. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../../app/page";
import { counted, day } from "../../language/format";
import { useChoiceName } from "../../patients/words";
import { Empty } from "../../ui/empty";
import { Listed } from "../../ui/listed";
import { histologyDueQuery, type Waiting } from "../queries";
import "../words";
import "./histology.css";

export function HistologyDuePage() {
  const { t } = useTranslation("follow_up");
  return (
    <Page title={t("due.title")}>
      <Listed
        query={histologyDueQuery}
        empty={
          <Empty title={t("due.empty")}>
            <p>{t("due.emptyWhy")}</p>
          </Empty>
        }
      >
        {(items) => <Table items={items} />}
      </Listed>
    </Page>
  );
}

function Table({ items }: { items: readonly Waiting[] }) {
  const { t } = useTranslation("follow_up");
  const nameOf = useChoiceName();
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("due.lesion")}</th>
          <th scope="col">{t("due.examined")}</th>
          <th scope="col">{t("due.waits")}</th>
          <th scope="col">{t("due.patient")}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((each) => (
          <tr key={each.survey_id}>
            <th scope="row">
              <Link to={`/patients/${each.patient_id}/lesions/${each.lesion_id}?view=histology`}>
                {nameOf("site", each.site)}
              </Link>
            </th>
            <td data-name={t("due.examined")}>{day(each.examined_on)}</td>
            <td data-name={t("due.waits")}>
              {counted(each.waiting_days, t("days", { returnObjects: true }))}
              {each.overdue && <strong className="overdue">{t("due.overdue")}</strong>}
            </td>
            <td data-name={t("due.patient")}>
              <code>{each.patient_id.slice(-6)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
