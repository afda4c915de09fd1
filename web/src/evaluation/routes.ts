/** The addresses of the pages of algorithms and their tests. */
import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [];
