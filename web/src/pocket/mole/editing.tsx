/** The name and the place of a mole, changed by whoever wears it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { BodyMap } from "../../body/map";
import { usePlaceName } from "../../body/words";
import { Window } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { changeMole } from "../asking";
import { useMoleName } from "../mole-name";
import { LONGEST_NAME } from "../photograph/where";
import type { Mole, Spot } from "../shapes";

export function Editing({ mole }: { mole: Mole }) {
  const { t } = useTranslation("pocket");
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {t("mole.edit")}
      </button>
      {open && <Form mole={mole} close={() => setOpen(false)} />}
    </>
  );
}

function Form({ mole, close }: { mole: Mole; close: () => void }) {
  const { t } = useTranslation("pocket");
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const nameOf = useMoleName();
  const placeName = usePlaceName();
  const [name, setName] = useState(mole.name ?? "");
  const [spot, setSpot] = useState<Spot | null>(mole.spot);
  const [elsewhere, setElsewhere] = useState(false);
  const saving = useMutation({
    mutationFn: () => changeMole(mole.lesion_id, { name: name.trim() || null, spot }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["me"] });
      close();
    },
  });
  return (
    <Window
      title={t("mole.editTitle")}
      close={close}
      acts={
        <>
          <button type="button" onClick={close}>
            {common("cancel")}
          </button>
          <button
            type="button"
            className="primary"
            disabled={saving.isPending}
            onClick={() => saving.mutate()}
          >
            {saving.isPending ? common("busy") : common("save")}
          </button>
        </>
      }
    >
      <div className="field">
        <label htmlFor="mole-name">{t("where.name")}</label>
        <p className="hint">{t("where.nameHint")}</p>
        <input
          id="mole-name"
          value={name}
          maxLength={LONGEST_NAME}
          autoComplete="off"
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      <BodyMap
        bare
        spots={spot ? [{ ...spot, id: mole.lesion_id, label: nameOf({ ...mole, name }) }] : []}
        chosen={mole.lesion_id}
        onPlace={({ site, ...placed }) => {
          // The part of the body is the doctor's survey's; a dot elsewhere would contradict it.
          setElsewhere(site !== mole.site);
          if (site === mole.site) setSpot(placed);
        }}
      />
      <p role="status">{spot && placeName(spot)}</p>
      {elsewhere && <p className="fault">{t("mole.elsewhere")}</p>}
      {saving.isError && <Failure error={saving.error} />}
    </Window>
  );
}
