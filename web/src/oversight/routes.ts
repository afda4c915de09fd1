/** The addresses of the curator's overview, cases and experts. */
import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [];
