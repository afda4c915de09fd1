/** The addresses of the pages of datasets. */
import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [];
