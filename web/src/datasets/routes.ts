/** The addresses of the pages of datasets; the registry is open to everybody. */
import type { RouteObject } from "react-router";
import { only } from "../app/only";

export const routes: RouteObject[] = [
  {
    path: "/registry",
    lazy: async () => ({ Component: (await import("./registry/list")).RegistryPage }),
  },
  {
    path: "/registry/:code",
    lazy: async () => ({ Component: (await import("./registry/entry")).RegistryEntryPage }),
  },
  {
    path: "/datasets",
    lazy: async () => only(["curator"], (await import("./list")).DatasetList),
  },
  {
    path: "/datasets/new",
    lazy: async () => only(["curator"], (await import("./plan/new")).NewDataset),
  },
  {
    path: "/datasets/:code",
    lazy: async () => only(["curator"], (await import("./page")).DatasetPage),
  },
  {
    path: "/datasets/:code/releases/:releaseId",
    lazy: async () => only(["curator"], (await import("./releases/release")).ReleasePage),
  },
];
