/** The addresses of a lesion over time, its histology and its questions. */
import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [];
