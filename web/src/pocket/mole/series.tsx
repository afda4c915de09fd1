/** One photograph large, the others as a strip below it; a wrong one can be deleted. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { vocabulariesQuery } from "../../api/queries";
import { Picture } from "../../images/picture";
import { labelOf } from "../../language";
import { Confirm } from "../../ui/confirm";
import { deleteImage } from "../asking";
import { when } from "../dates";
import { coinsIn, imageQuery } from "../queries";
import type { Mole, TakenImage } from "../shapes";
import { millimetres } from "./millimetres";
import { hasScale } from "./order";

interface Shown {
  images: readonly TakenImage[];
  open: TakenImage;
  choose: (image: TakenImage) => void;
  renew: () => void;
  mole: Mole;
}

export function Series({ images, open, choose, renew, mole }: Shown) {
  const { t } = useTranslation("pocket");
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const url = open.urls.image ?? open.urls.thumbnail;
  // The doctor's own images are his to take away.
  const own = useQuery(imageQuery(open.image_id)).data?.by_me === true;
  return (
    <div className="series">
      {url && (
        <Picture
          key={open.image_id}
          url={url}
          alt={t("mole.photographOf", { date: dateOf(open, t("mole.noDate")) })}
          expired={renew}
        />
      )}
      <div className="series-words">
        <strong>{dateOf(open, t("mole.noDate"))}</strong>
        <SizeOf image={open} />
        {own && (
          <button type="button" className="quiet" onClick={() => setDeleting(true)}>
            {t("mole.delete")}
          </button>
        )}
      </div>
      {images.length > 1 && (
        <ul className="strip" aria-label={t("mole.series")}>
          {images.map((image) => (
            <li key={image.image_id}>
              <button
                type="button"
                aria-pressed={image.image_id === open.image_id}
                onClick={() => choose(image)}
              >
                <img src={image.urls.thumbnail ?? image.urls.image ?? undefined} alt="" />
                <small>{dateOf(image, t("mole.noDate"))}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      {deleting && (
        <Confirm
          title={t("mole.deleteTitle")}
          act={t("mole.delete")}
          perform={async () => {
            await deleteImage(open.image_id);
            await client.invalidateQueries({ queryKey: ["me"] });
          }}
          close={() => setDeleting(false)}
        >
          <p>{t("mole.deleteWhy", { count: mole.images.length })}</p>
        </Confirm>
      )}
    </div>
  );
}

export function dateOf(image: TakenImage, unknown: string): string {
  return image.taken_on ? when(image.taken_on) : unknown;
}

function SizeOf({ image: { size } }: { image: TakenImage }) {
  const { t } = useTranslation("pocket");
  const coins = coinsIn(useQuery(vocabulariesQuery).data);
  if (!hasScale(size)) return <span>{t(size ? "mole.noScale" : "mole.notMarked")}</span>;
  const coin = coins.find(({ key }) => key === size.scale);
  return (
    <span>
      {t("mole.size", { mm: millimetres(size.diameter_mm, size.error_mm) })}{" "}
      <small>{coin && t("mole.byCoin", { coin: labelOf(coin.labels) })}</small>
    </span>
  );
}
