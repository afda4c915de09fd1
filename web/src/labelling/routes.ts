/** The addresses of the readers' pages. */
import type { RouteObject } from "react-router";
import { only } from "../app/only";

const READERS = ["expert", "senior_expert"] as const;

export const routes: RouteObject[] = [
  {
    path: "/readings",
    lazy: async () => only(READERS, (await import("./room")).Readings),
  },
  {
    path: "/readings/figures",
    lazy: async () => only(READERS, (await import("./figures")).FiguresPage),
  },
  {
    path: "/readings/protocol",
    lazy: async () => only(READERS, (await import("./protocol-page")).ProtocolPage),
  },
];
