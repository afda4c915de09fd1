/** One case as a curator sees it: the image, who read it as what, and what came of it. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "react-router";
import { Refusal } from "../api/errors";
import { imageQuery } from "../api/queries";
import { Page } from "../app/page";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { CaseActs } from "./case-acts";
import { CaseHistory, CaseOpinion } from "./case-history";
import { CaseImage } from "./case-image";
import { CaseReadings } from "./case-readings";
import { CaseStanding } from "./case-standing";
import { tail } from "./format";
import { Neighbours } from "./neighbours";
import { caseQuery } from "./queries";
import "./words";
import "../styles/parts.css";
import "./oversight.css";
import "./case.css";

export function CasePage() {
  const { t } = useTranslation("oversight");
  const { imageId = "" } = useParams();
  const { search } = useLocation();
  return (
    <Page
      title={t("cases.one", { id: tail(imageId) })}
      above={<Link to={`/cases${search}`}>← {t("cases.back")}</Link>}
      aside={<Neighbours imageId={imageId} />}
    >
      {/* The next case begins with nothing of the last one's. */}
      <Body key={imageId} imageId={imageId} />
    </Page>
  );
}

function Body({ imageId }: { imageId: string }) {
  const { t } = useTranslation("oversight");
  const found = useQuery(caseQuery(imageId));
  const image = useQuery(imageQuery(imageId));
  if (found.isPending || image.isPending) return <Skeleton rows={2} shape="tile" />;
  if (!image.data) return <Failure error={image.error} retry={() => image.refetch()} />;
  const unread = isMissing(found.error);
  if (!found.data && !unread) return <Failure error={found.error} retry={() => found.refetch()} />;
  const one = found.data ?? null;
  return (
    <>
      <div className="case">
        <CaseImage image={image.data} of={one} renew={() => void image.refetch()} />
        <div className="case-words">
          {one ? <CaseStanding of={one} /> : <Unread />}
          <CaseActs image={image.data} of={one} />
          <CaseOpinion image={image.data} />
        </div>
      </div>
      {one && (
        <section className="part">
          <h2>{t("cases.readingsTitle")}</h2>
          <CaseReadings of={one} image={image.data} />
        </section>
      )}
      <CaseHistory image={image.data} />
    </>
  );
}

function Unread() {
  const { t } = useTranslation("oversight");
  return (
    <div>
      <p className="verdict">{t("cases.noCase")}</p>
      <p className="measure">{t("cases.noCaseWhy")}</p>
    </div>
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Refusal && error.status === 404;
}
