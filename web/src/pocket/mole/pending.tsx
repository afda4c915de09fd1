/** Photographs that have gone but are not shown yet, or were not taken: with the reason. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { imageQuery } from "../queries";
import type { MoleImage } from "../shapes";

const LOOK_MS = 2_000;
const UNDER_WAY = ["awaiting_upload", "received"];
/** Of the latest few only, or a page would fill with old mishaps. The latest come first. */
const TOLD = 3;

export function Pending({ images }: { images: readonly MoleImage[] }) {
  const told = images.filter(
    (image) => isUnderWay(image) || image.state === "rejected" || image.state === "abandoned",
  );
  return told.slice(0, TOLD).map(({ image_id }) => <One key={image_id} imageId={image_id} />);
}

export function isUnderWay({ state }: { state: string }): boolean {
  return UNDER_WAY.includes(state);
}

/** Once it has been looked at, the lists and the series show it. */
function useArrival(imageId: string, state: string | undefined): void {
  const client = useQueryClient();
  const settled = state !== undefined && !UNDER_WAY.includes(state);
  useEffect(() => {
    if (!settled) return;
    const others = {
      predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[2] !== imageId,
    };
    void client.invalidateQueries({ queryKey: ["me"], ...others });
  }, [settled, imageId, client]);
}

function One({ imageId }: { imageId: string }) {
  const { t } = useTranslation("pocket");
  const image = useQuery({
    ...imageQuery(imageId),
    refetchInterval: ({ state }) =>
      state.data && UNDER_WAY.includes(state.data.state) ? LOOK_MS : false,
  }).data;
  useArrival(imageId, image?.state);
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
