/** The addresses of a doctor's patients, their lesions and surveys. */
import type { RouteObject } from "react-router";
import { only } from "../app/only";

export const routes: RouteObject[] = [
  {
    path: "/patients",
    lazy: async () => only(["doctor"], (await import("./list")).PatientList),
  },
  {
    path: "/patients/:patientId",
    lazy: async () => only(["doctor"], (await import("./patient")).PatientPage),
  },
  {
    path: "/patients/:patientId/access",
    lazy: async () => only(["doctor"], (await import("./access")).AccessPage),
  },
  {
    path: "/referrals",
    lazy: async () => only(["doctor"], (await import("./referrals")).ReferralsPage),
  },
  {
    path: "/patients/:patientId/lesions/:lesionId",
    lazy: async () => only(["doctor"], (await import("./lesion")).LesionPage),
  },
  {
    path: "/patients/:patientId/surveys/:survey",
    lazy: async () => only(["doctor"], (await import("../survey/correction")).CorrectionPage),
  },
  {
    path: "/cases/new",
    lazy: async () => only(["doctor"], (await import("../survey/page")).SurveyPage),
  },
];
