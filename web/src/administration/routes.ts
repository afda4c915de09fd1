/** The addresses of the administrator's pages. */
import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [];
