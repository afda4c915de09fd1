/** The addresses of the patient's pages. */
import type { RouteObject } from "react-router";

const mine = async (page: Promise<{ Page: React.ComponentType }>) => {
  const [{ Page }, { guarded }] = await Promise.all([page, import("./guard")]);
  return guarded(Page);
};

export const routes: RouteObject[] = [
  {
    path: "/open",
    lazy: async () => ({ Component: (await import("./open/page")).OpenPage }),
  },
  {
    path: "/open/goodbye",
    lazy: async () => ({ Component: (await import("./own/goodbye")).Goodbye }),
  },
  { path: "/me", lazy: () => mine(import("./home")) },
  { path: "/me/photograph", lazy: () => mine(import("./photograph/page")) },
  { path: "/me/moles/:moleId", lazy: () => mine(import("./mole/page")) },
  { path: "/me/moles/:moleId/ask", lazy: () => mine(import("./question/ask")) },
  { path: "/me/questions", lazy: () => mine(import("./question/list")) },
  { path: "/me/questions/:questionId", lazy: () => mine(import("./question/page")) },
  { path: "/me/own", lazy: () => mine(import("./own/page")) },
  { path: "/me/own/sign-in", lazy: () => mine(import("./own/signing-in")) },
  { path: "/me/out", lazy: () => mine(import("./own/out")) },
];
