/** The photographs of a question, large, in the order in which the patient named them. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { imageQuery } from "../../api/queries";
import { day } from "../../language/format";
import { Skeleton } from "../../ui/skeleton";
import { Viewer } from "../../viewer";

export function Photographs({ imageIds }: { imageIds: readonly string[] }) {
  return (
    <ul className="photographs" data-number={Math.min(imageIds.length, 3)}>
      {imageIds.map((id) => (
        <li key={id}>
          <One imageId={id} />
        </li>
      ))}
    </ul>
  );
}

function One({ imageId }: { imageId: string }) {
  const { t } = useTranslation("follow_up");
  const { t: common } = useTranslation();
  const query = useQuery(imageQuery(imageId));
  if (query.isPending) return <Skeleton rows={1} shape="tile" />;
  const image = query.data;
  if (!image?.urls.image) return <p className="hint">{t("questions.imageGone")}</p>;
  const kind = common(`kind.${image.kind}`);
  return (
    <>
      <Viewer
        source={image.urls.image}
        alt={common("image.alt", { kind: kind.toLocaleLowerCase() })}
        expired={() => void query.refetch()}
      />
      <small>{day(image.taken_on ?? image.created_at)}</small>
    </>
  );
}
