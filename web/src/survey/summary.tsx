/** What is wrong, on top of the form: each line leads to its field. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Field } from "../api/contract";
import { labelOf } from "../language";
import { RequestNumber, useSentence } from "../ui/failure";
import { CODE, CONSENT, type Faults, focusField } from "./faults";

interface Shown {
  faults: Faults;
  fields: readonly Field[];
  error: unknown;
}

export function Summary({ faults, fields, error }: Shown) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt takes the focus anew
  useEffect(() => box.current?.focus(), [faults, error]);
  const names: Record<string, string> = {
    [CODE]: t("survey.patientCode"),
    [CONSENT]: t("survey.consent"),
    ...Object.fromEntries(fields.map((field) => [field.key, labelOf(field.labels)])),
  };
  const order = [CODE, ...fields.map((field) => field.key), CONSENT];
  const found = Object.entries(faults).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return (
    <div className="failure" role="alert" tabIndex={-1} ref={box}>
      <h2>{t("survey.summary")}</h2>
      {found.length === 0 && <p>{sentence(error)}</p>}
      <ul>
        {found.map(([key, text]) => (
          <li key={key}>
            {key in names ? (
              <a
                href={`#field-${key}`}
                onClick={(event) => {
                  event.preventDefault();
                  focusField(key);
                }}
              >
                {names[key]}: {text}
              </a>
            ) : (
              text
            )}
          </li>
        ))}
      </ul>
      <RequestNumber error={error} />
    </div>
  );
}
