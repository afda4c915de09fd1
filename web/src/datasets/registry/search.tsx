/** Words and filters of the registry; they stand in the page's address, so that a search can be passed on. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { vocabulariesQuery } from "../../api/queries";
import { labelOf } from "../../language";
import { capital, type Named, useName } from "../names";
import { type Filter, filtersIn } from "./queries";

const CHOICES: readonly { filter: Filter; of: Named; keys: readonly string[] }[] = [
  {
    filter: "purpose",
    of: "purpose",
    keys: [
      "training",
      "additional_training",
      "clinical_test",
      "self_test",
      "dynamic",
      "technical_defects",
    ],
  },
  { filter: "access", of: "access", keys: ["public", "controlled", "hidden"] },
  { filter: "verification", of: "level", keys: ["low", "medium", "high"] },
  { filter: "unit", of: "unit", keys: ["image", "lesion", "patient", "series"] },
  { filter: "modality", of: "modality", keys: ["DSC", "MAC"] },
  { filter: "state", of: "state", keys: ["published", "deprecated", "taken_down"] },
];
const LICENCES = [
  "CC0-1.0",
  "CC-BY-4.0",
  "CC-BY-NC-4.0",
  "CC-BY-NC-ND-4.0",
  "LicenseRef-Agreement",
];

export function Search() {
  const { t } = useTranslation("datasets");
  const nameOf = useName();
  const [address, setAddress] = useSearchParams();
  const filters = filtersIn(address);
  const words = useId();
  // On a phone the sets themselves come first, unless filters are what they are there by.
  const [open] = useState(() => filters.size > 0 || matchMedia("(min-width: 48rem)").matches);
  const classes = useQuery(vocabulariesQuery).data?.classes ?? [];
  const set = (name: Filter, value: string) => {
    const next = filtersIn(address);
    if (value) next.set(name, value);
    else next.delete(name);
    setAddress(next, { replace: true });
  };
  return (
    <search className="registry-search">
      <form
        // A new search from elsewhere fills the fields anew.
        key={`${filters.get("q")} ${filters.get("target")}`}
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const next = filtersIn(address);
          for (const name of ["q", "target"] as const) {
            const value = String(form.get(name) ?? "").trim();
            if (value) next.set(name, name === "target" ? value.toUpperCase() : value);
            else next.delete(name);
          }
          setAddress(next);
        }}
      >
        <div className="field">
          <label htmlFor={words}>
            {t("registry.search")} <small>{t("registry.searchHint")}</small>
          </label>
          <div className="joined">
            <input
              id={words}
              name="q"
              type="search"
              maxLength={200}
              defaultValue={filters.get("q") ?? ""}
            />
            <button type="submit" className="primary">
              {t("registry.find")}
            </button>
          </div>
        </div>
        <details open={open}>
          <summary>{t("registry.filters")}</summary>
          <div className="registry-filters">
            {CHOICES.map(({ filter, of, keys }) => (
              <Select
                key={filter}
                name={t(`registry.${filter as "purpose"}`)}
                value={filters.get(filter) ?? ""}
                change={(value) => set(filter, value)}
              >
                {keys.map((key) => (
                  <option key={key} value={key}>
                    {capital(nameOf(of, key))}
                  </option>
                ))}
              </Select>
            ))}
            <Select
              name={t("registry.diagnosis")}
              value={filters.get("class") ?? ""}
              change={(value) => set("class", value)}
            >
              {classes.map(({ key, labels }) => (
                <option key={key} value={key}>
                  {capital(labelOf(labels))}
                </option>
              ))}
            </Select>
            <Select
              name={t("registry.licence")}
              value={filters.get("licence") ?? ""}
              change={(value) => set("licence", value)}
            >
              {LICENCES.map((key) => (
                <option key={key}>{key}</option>
              ))}
            </Select>
            <label className="registry-filter">
              <span>{t("registry.target")}</span>
              <input name="target" maxLength={12} defaultValue={filters.get("target") ?? ""} />
            </label>
            {filters.size > 0 && (
              <button type="button" className="quiet" onClick={() => setAddress({})}>
                {t("registry.clear")}
              </button>
            )}
          </div>
        </details>
      </form>
    </search>
  );
}

interface Chosen {
  name: string;
  value: string;
  change: (value: string) => void;
  children: ReactNode;
}

function Select({ name, value, change, children }: Chosen) {
  const { t } = useTranslation("datasets");
  return (
    <label className="registry-filter">
      <span>{name}</span>
      <select value={value} onChange={(event) => change(event.target.value)}>
        <option value="">{t("registry.any")}</option>
        {children}
      </select>
    </label>
  );
}
