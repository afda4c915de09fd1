/** The protocol on a page of its own; a version not accepted yet is read and accepted here. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../app/page";
import { labelOf } from "../language";
import { Failure } from "../ui/failure";
import { Skeleton } from "../ui/skeleton";
import { ProtocolText } from "./protocol-text";
import { acceptProtocol, handQuery, type Protocol, protocolQuery } from "./queries";
import "./words";
import "./protocol.css";

export function ProtocolPage() {
  const { t } = useTranslation("reading");
  const query = useQuery(protocolQuery);
  if (query.isPending) return <Skeleton />;
  if (!query.data) return <Failure error={query.error} retry={() => query.refetch()} />;
  if (!query.data.accepted) return <Acceptance protocol={query.data} />;
  return (
    <Page title={labelOf(query.data.title)}>
      <ProtocolText protocol={query.data} />
      <p className="hint">{t("protocolPage.accepted")}</p>
      <p>
        <Link className="button primary" to="/readings">
          {t("figures.toReading")}
        </Link>
      </p>
    </Page>
  );
}

/** No image is shown to who reads by a former version. */
export function Acceptance({ protocol }: { protocol: Protocol }) {
  const { t } = useTranslation("reading");
  const { version, changes } = protocol;
  const client = useQueryClient();
  const accepting = useMutation({
    mutationFn: () => acceptProtocol(version),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: protocolQuery.queryKey });
      await client.invalidateQueries({ queryKey: handQuery.queryKey });
    },
    // A still newer one came out meanwhile: it is that one that has to be read.
    onError: () => client.invalidateQueries({ queryKey: protocolQuery.queryKey }),
  });
  return (
    <Page title={labelOf(protocol.title)}>
      <p className="notice">
        <strong>{t(changes ? "protocolPage.newer" : "protocolPage.first")}.</strong>{" "}
        {changes && t("protocolPage.newerWhy")}
      </p>
      <ProtocolText protocol={protocol} />
      {accepting.isError && <Failure error={accepting.error} />}
      <div className="actions accept">
        <button
          type="button"
          className="primary"
          disabled={accepting.isPending}
          onClick={() => accepting.mutate()}
        >
          {t("protocolPage.accept", { version })}
        </button>
      </div>
    </Page>
  );
}
