/** The addresses of the pages of algorithms and their tests. */
import type { RouteObject } from "react-router";
import { only } from "../app/only";

const BOTH = ["vendor", "curator"] as const;

export const routes: RouteObject[] = [
  {
    path: "/algorithms",
    lazy: async () => only(BOTH, (await import("./algorithms")).AlgorithmList),
  },
  {
    path: "/algorithms/new",
    lazy: async () => only(["vendor"], (await import("./algorithm-form")).NewAlgorithm),
  },
  {
    path: "/algorithms/:algorithmId",
    lazy: async () => only(BOTH, (await import("./algorithm")).AlgorithmPage),
  },
  {
    path: "/tests",
    lazy: async () => only(BOTH, (await import("./list")).TestList),
  },
  {
    path: "/tests/new",
    lazy: async () => only(["vendor"], (await import("./taking/begin")).BeginTest),
  },
  {
    path: "/tests/:evaluationId",
    lazy: async () => only(BOTH, (await import("./test")).TestPage),
  },
];
