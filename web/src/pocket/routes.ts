/** The addresses of the patient's pages. */
import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [];
