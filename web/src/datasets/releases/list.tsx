/** A dataset's releases, and the way to the next one. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { day, megabytes } from "../../language/format";
import { whole } from "../../plots/numbers";
import { Empty } from "../../ui/empty";
import { Listed } from "../../ui/listed";
import { capital, useName } from "../names";
import { type Dataset, type Release, releasesQuery } from "../queries";
import { RequestRelease } from "./request";

const FRESH_MS = 15_000;

export function Releases({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  return (
    <>
      <RequestRelease dataset={dataset} />
      <section className="part">
        <h2>{t("releases.title")}</h2>
        <Listed
          query={releasesQuery(dataset.code)}
          every={FRESH_MS}
          empty={
            <Empty title={t("releases.none")}>
              <p>{t("releases.noneWhy")}</p>
            </Empty>
          }
        >
          {(releases) => <Table releases={releases} />}
        </Listed>
      </section>
    </>
  );
}

function Table({ releases }: { releases: readonly Release[] }) {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const columns = {
    state: t("releases.state"),
    change: t("releases.change"),
    units: t("selection.units"),
    size: t("registry.size"),
    published: t("releases.published"),
  };
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t("releases.version")}</th>
          {Object.entries(columns).map(([key, name]) => (
            <th key={key} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {releases.map((each) => (
          <tr key={each.release_id}>
            <th scope="row">
              {/* By its id: an address that ends like a file's name is asked of the server as a file. */}
              <Link to={`/datasets/${each.code}/releases/${each.release_id}`}>
                {each.version ?? t("releases.unnumbered")}
              </Link>
            </th>
            <td data-name={columns.state}>{capital(nameOf("state", each.state))}</td>
            <td data-name={columns.change} className="long">
              {each.change}
            </td>
            <td data-name={columns.units}>{whole(each.units)}</td>
            <td data-name={columns.size}>{megabytes(each.bytes)}</td>
            <td data-name={columns.published}>
              {each.published_at ? day(each.published_at) : "—"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
