/** Every address of the pages: each part has its own, and is loaded when somebody gets there. */
import { createBrowserRouter } from "react-router";
import { routes as account } from "../account/routes";
import { routes as administration } from "../administration/routes";
import { routes as datasets } from "../datasets/routes";
import { routes as evaluation } from "../evaluation/routes";
import { routes as followUp } from "../follow-up/routes";
import { routes as labelling } from "../labelling/routes";
import { routes as oversight } from "../oversight/routes";
import { routes as patients } from "../patients/routes";
import { routes as pocket } from "../pocket/routes";
import { Broken, NoSuchPage } from "./dead-ends";
import { Home } from "./home";
import { Layout } from "./layout";

export const router = createBrowserRouter([
  {
    element: <Layout />,
    errorElement: <Broken />,
    // Nothing to show for the blink in which the first page's own file arrives.
    hydrateFallbackElement: <div />,
    children: [
      { path: "/", element: <Home /> },
      ...patients,
      ...followUp,
      ...labelling,
      ...oversight,
      ...datasets,
      ...evaluation,
      ...administration,
      ...pocket,
      ...account,
      {
        path: "/docs",
        lazy: async () => ({ Component: (await import("../reference/page")).ReferencePage }),
      },
      { path: "*", element: <NoSuchPage /> },
    ],
  },
]);
