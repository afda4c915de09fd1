/** What the API found wrong with a plan, at the field it is about, until that field is changed. */
import { createContext, type ReactNode, useContext } from "react";

export type Faults = Readonly<Record<string, string>>;

const FaultsContext = createContext<Faults>({});

export function FaultsAt({ faults, children }: { faults: Faults; children: ReactNode }) {
  return <FaultsContext value={faults}>{children}</FaultsContext>;
}

export function useFault(path: string): string | undefined {
  return useContext(FaultsContext)[path];
}

/** The API's own paths: of a changed plan they begin with `plan.`; a fault of the whole has none. */
export function faultsOf(fields: Readonly<Record<string, string>>): Faults {
  return Object.fromEntries(
    Object.entries(fields).map(([path, sentence]) => [path.replace(/^plan(\.|$)/, ""), sentence]),
  );
}

const TYPED_AS: Readonly<Record<string, string>> = {
  other_sources: "sources",
  prohibited: "special_prohibitions",
  tested: "test",
};

/** The API's path of what is typed at a path of the form. */
export function pathOf(typed: string): string {
  return TYPED_AS[typed] ?? typed.replace(/\.(typed|chosen)$/, ".value");
}

/** Those that a change at `path` may have mended stay no longer. */
export function without(faults: Faults, path: string): Faults {
  const kept = Object.entries(faults).filter(
    ([at]) => at !== path && !at.startsWith(`${path}.`) && !path.startsWith(`${at}.`),
  );
  return kept.length === Object.keys(faults).length ? faults : Object.fromEntries(kept);
}

export const GROUPS = ["task", "units", "classes", "verification", "splits", "terms"] as const;
export type Group = (typeof GROUPS)[number];

const GROUP_OF: Readonly<Record<string, Group>> = {
  kinds: "units",
  unit: "units",
  units: "units",
  inclusion: "units",
  non_inclusion: "units",
  exclusion: "units",
  classes: "classes",
  most_of_one_device: "classes",
  verification: "verification",
  sources: "verification",
  data_security: "verification",
  splits: "splits",
  test: "splits",
  seed: "splits",
  access: "terms",
  licence: "terms",
  special_prohibitions: "terms",
  language: "terms",
  keywords: "terms",
  funding: "terms",
  conflicts_of_interest: "terms",
  working_group: "terms",
};

/** Where a field stands; whatever is in no other group is in the first. */
export function groupOf(path: string): Group {
  return GROUP_OF[path.split(".")[0] ?? ""] ?? "task";
}

/** The id of the element of a field. */
export function idOf(path: string): string {
  return `plan-${path.replaceAll(".", "-")}`;
}

export function FaultText({ path }: { path: string }) {
  return (
    <span id={`${idOf(path)}-fault`} className="fault">
      {useFault(path)}
    </span>
  );
}
