/** The addresses of the curator's overview, cases, experts, duplicates, looks and imports. */
import type { ComponentType } from "react";
import type { RouteObject } from "react-router";
import type { Role } from "../api/contract";
import { only } from "../app/only";

const CURATORS: readonly Role[] = ["curator"];

function curators(path: string, page: () => Promise<ComponentType>): RouteObject {
  return { path, lazy: async () => only(CURATORS, await page()) };
}

export const routes: RouteObject[] = [
  curators("/overview", async () => (await import("./overview")).OverviewPage),
  curators("/cases", async () => (await import("./cases")).CasesPage),
  curators("/cases/:imageId", async () => (await import("./case")).CasePage),
  curators("/experts", async () => (await import("./experts")).ExpertsPage),
  curators("/experts/gold", async () => (await import("./gold")).GoldPage),
  curators("/experts/protocol", async () => (await import("./protocol")).ProtocolPage),
  curators("/experts/protocol/new", async () => (await import("./new-protocol")).NewProtocolPage),
  curators("/experts/:accountId", async () => (await import("./expert")).ExpertPage),
  curators("/duplicates", async () => (await import("./duplicates")).DuplicatesPage),
  curators("/duplicates/:pairId", async () => (await import("./duplicate")).DuplicatePage),
  curators("/looks", async () => (await import("./looks")).LooksPage),
  curators("/looks/:code", async () => (await import("./gallery")).GalleryPage),
  curators("/imports", async () => (await import("./imports")).ImportsPage),
  curators("/imports/new", async () => (await import("./new-import")).NewImportPage),
  curators("/imports/:importId", async () => (await import("./import")).ImportPage),
];
