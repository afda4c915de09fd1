/** Every address of the pages. What only some people see is loaded when they get there. */
import { createBrowserRouter } from "react-router";
import { Broken, NoSuchPage } from "./dead-ends";
import { Home } from "./home";
import { Layout } from "./layout";
import { only } from "./only";

const READERS = ["expert", "senior_expert"] as const;

export const router = createBrowserRouter([
  {
    element: <Layout />,
    errorElement: <Broken />,
    // Nothing to show for the blink in which the first page's own file arrives.
    hydrateFallbackElement: <div />,
    children: [
      { path: "/", element: <Home /> },
      {
        path: "/patients",
        lazy: async () => only(["doctor"], (await import("../patients/list")).PatientList),
      },
      {
        path: "/patients/:patientId",
        lazy: async () => only(["doctor"], (await import("../patients/patient")).PatientPage),
      },
      {
        path: "/patients/:patientId/lesions/:lesionId",
        lazy: async () => only(["doctor"], (await import("../patients/lesion")).LesionPage),
      },
      {
        path: "/cases/new",
        lazy: async () => only(["doctor"], (await import("../survey/page")).SurveyPage),
      },
      {
        path: "/readings",
        lazy: async () => only(READERS, (await import("../labelling/readings")).Readings),
      },
      {
        path: "/docs",
        lazy: async () => ({ Component: (await import("../reference/page")).ReferencePage }),
      },
      { path: "*", element: <NoSuchPage /> },
    ],
  },
]);
