/** The addresses of a lesion over time, its histology and its questions. */
import type { RouteObject } from "react-router";
import { only } from "../app/only";

export const routes: RouteObject[] = [
  {
    path: "/patients/:patientId/lesions/:lesionId/summary",
    lazy: async () => only(["doctor"], (await import("./summary/page")).SummaryPage),
  },
  {
    path: "/histology",
    lazy: async () => only(["doctor"], (await import("./histology/due-page")).HistologyDuePage),
  },
  {
    path: "/questions",
    lazy: async () => only(["doctor"], (await import("./questions/list-page")).QuestionsPage),
  },
  {
    path: "/questions/:questionId",
    lazy: async () => only(["doctor"], (await import("./questions/question-page")).QuestionPage),
  },
];
