/** Photographs that have gone but are not shown yet, or were not taken: with the reason. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { imageQuery } from "../queries";
import type { MoleImage } from "../shapes";

const LOOK_MS = 2_000;
const UNDER_WAY = ["awaiting_upload", "received"];
/** Of the latest few only, or a page would fill with old mishaps. The latest come first. */
const TOLD = 3;

export function Pending({ images }: { images: readonly MoleImage[] }) {
  const told = images.filter(
    ({ state }) => UNDER_WAY.includes(state) || state === "rejected" || state === "abandoned",
  );
  return told.slice(0, TOLD).map(({ image_id }) => <One key={image_id} imageId={image_id} />);
}

function One({ imageId }: { imageId: string }) {
  const { t } = useTranslation("pocket");
  const image = useQuery({
    ...imageQuery(imageId),
    refetchInterval: ({ state }) =>
      state.data && UNDER_WAY.includes(state.data.state) ? LOOK_MS : false,
  }).data;
  if (!image) return null;
  if (UNDER_WAY.includes(image.state)) {
    return (
      <p className="expected" role="status">
        {t(image.state === "received" ? "mole.checking" : "mole.coming")}
      </p>
    );
  }
  if (!image.problem && image.state !== "abandoned") return null;
  return (
    <p className="notice" role="alert">
      {image.problem?.message ?? t("mole.neverCame")}
    </p>
  );
}
