/** The address of one's own account. */
import type { RouteObject } from "react-router";
import { only } from "../app/only";

const EVERYBODY = [
  "doctor",
  "expert",
  "senior_expert",
  "curator",
  "vendor",
  "admin",
  "patient",
] as const;

export const routes: RouteObject[] = [
  {
    path: "/account",
    lazy: async () => only(EVERYBODY, (await import("./page")).AccountPage),
  },
];
