/** A key for one organisation: asked for with what it is for, and shown this once. */
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../../api/errors";
import { useRequestKeys } from "../../api/idempotency";
import { queryClient } from "../../api/queries";
import { today } from "../../language/format";
import { CopyText } from "../../ui/copy";
import { Window } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { give, grantsQuery } from "../queries";

const EMPTY = { recipient: "", purpose: "", expires_on: "" };
type Name = keyof typeof EMPTY;

export function GiveAccess({ code, close }: { code: string; close: () => void }) {
  const { t } = useTranslation("datasets");
  const { t: common } = useTranslation();
  const [form, setForm] = useState(EMPTY);
  const [faults, setFaults] = useState<Partial<Record<Name, string>>>({});
  const keyFor = useRequestKeys();
  const id = useId();
  const giving = useMutation({
    mutationFn: () => give(code, form, keyFor(form)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: grantsQuery(code).queryKey }),
    onError: (error) => setFaults(error instanceof Refusal ? error.fields : {}),
  });
  const submit = () => {
    const found: typeof faults = {};
    if (!form.recipient.trim()) found.recipient = t("releases.grants.missing");
    if (!form.purpose.trim()) found.purpose = t("releases.grants.missing");
    if (form.expires_on < today()) found.expires_on = t("releases.grants.expiresFault");
    setFaults(found);
    if (Object.keys(found).length === 0) giving.mutate();
  };
  if (giving.data) return <Told grant={giving.data.grant} close={close} />;
  const control = (name: Name) => ({
    id: `${id}-${name}`,
    value: form[name],
    "aria-invalid": faults[name] ? (true as const) : undefined,
    "aria-describedby": `${id}-${name}-fault`,
    onChange: (event: { target: { value: string } }) => {
      setFaults({ ...faults, [name]: undefined });
      setForm({ ...form, [name]: event.target.value });
    },
  });
  const fault = (name: Name) => (
    <span id={`${id}-${name}-fault`} className="fault">
      {faults[name]}
    </span>
  );
  return (
    <Window
      title={t("releases.grants.give")}
      close={close}
      acts={
        <>
          <button type="button" onClick={close}>
            {common("cancel")}
          </button>
          <button type="button" className="primary" disabled={giving.isPending} onClick={submit}>
            {giving.isPending ? common("busy") : t("releases.grants.submit")}
          </button>
        </>
      }
    >
      <div className="field">
        <label htmlFor={`${id}-recipient`}>
          {t("releases.grants.recipient")} <small>{t("releases.grants.recipientHint")}</small>
        </label>
        <input {...control("recipient")} maxLength={200} autoComplete="off" />
        {fault("recipient")}
      </div>
      <div className="field">
        <label htmlFor={`${id}-purpose`}>{t("releases.grants.purpose")}</label>
        <textarea {...control("purpose")} rows={3} maxLength={4000} />
        {fault("purpose")}
      </div>
      <div className="field">
        <label htmlFor={`${id}-expires_on`}>{t("releases.grants.expires")}</label>
        <input {...control("expires_on")} type="date" min={today()} />
        {fault("expires_on")}
      </div>
      {giving.isError && Object.keys(faults).length === 0 && <Failure error={giving.error} />}
    </Window>
  );
}

function Told({ grant, close }: { grant: string; close: () => void }) {
  const { t } = useTranslation("datasets");
  return (
    <Window
      title={t("releases.grants.key")}
      close={close}
      // The key is gone when the window is: it closes by its own button alone.
      role="alertdialog"
      acts={
        <button type="button" className="primary" onClick={close}>
          {t("releases.grants.kept")}
        </button>
      }
    >
      <p>{t("releases.grants.once")}</p>
      <CopyText text={grant} label={t("releases.grants.key")} />
    </Window>
  );
}
