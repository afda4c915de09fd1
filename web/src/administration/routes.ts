/** The addresses of the administrator's pages. */
import type { RouteObject } from "react-router";
import { only } from "../app/only";

const ADMIN = ["admin"] as const;
const OVERSEERS = ["admin", "curator"] as const;

export const routes: RouteObject[] = [
  {
    path: "/accounts",
    lazy: async () => only(ADMIN, (await import("./accounts")).AccountsPage),
  },
  {
    path: "/accounts/:accountId",
    lazy: async () => only(ADMIN, (await import("./account")).AccountPage),
  },
  {
    path: "/clinics",
    lazy: async () => only(ADMIN, (await import("./clinics")).ClinicsPage),
  },
  {
    path: "/audit",
    lazy: async () => only(ADMIN, (await import("./audit")).AuditPage),
  },
  {
    path: "/models",
    lazy: async () => only(OVERSEERS, (await import("./models")).ModelsPage),
  },
  {
    path: "/dead-letters",
    lazy: async () => only(ADMIN, (await import("./dead-letters")).DeadLettersPage),
  },
  {
    path: "/webhooks",
    lazy: async () => only(OVERSEERS, (await import("./webhooks")).WebhooksPage),
  },
  {
    path: "/webhooks/:webhookId",
    lazy: async () => only(OVERSEERS, (await import("./webhook")).WebhookPage),
  },
];
