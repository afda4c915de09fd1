/** How the worker of the patient's pages is built, and which built files it keeps. */
import type { Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const PATIENTS = "/src/pocket/";

/**
 * It keeps the files that the patient's pages need, and nothing of the others': no viewer, no plots, no
 * API's reference. The pages register it themselves, under `/me` only.
 */
export function patientsWorker(): Plugin[] {
  const needed = new Set<string>();
  return [
    {
      name: "patients-files",
      apply: "build",
      generateBundle(_, bundle) {
        const visit = (name: string) => {
          const file = bundle[name];
          if (!file || needed.has(name)) return;
          needed.add(name);
          if (file.type !== "chunk") return;
          for (const style of file.viteMetadata?.importedCss ?? []) needed.add(style);
          for (const asset of file.viteMetadata?.importedAssets ?? []) needed.add(asset);
          for (const each of file.imports) visit(each);
          if (file.moduleIds.some((id) => id.includes(PATIENTS))) {
            for (const each of file.dynamicImports) {
              if (bundle[each]?.type === "chunk" && ofPatients(bundle[each])) visit(each);
            }
          }
        };
        for (const file of Object.values(bundle)) {
          const first = file.type === "chunk" && (file.isEntry || ofPatients(file));
          if (first || file.fileName.includes("checks.worker")) visit(file.fileName);
        }
      },
    },
    ...VitePWA({
      strategies: "injectManifest",
      srcDir: "src/pocket/offline",
      filename: "sw.ts",
      injectRegister: false,
      manifest: false,
      injectManifest: {
        rollupFormat: "iife",
        globPatterns: ["index.html", "favicon.svg", "icons/*.png", "assets/*.{js,css}"],
        manifestTransforms: [
          async (files) => ({
            manifest: files.filter(({ url }) => !url.startsWith("assets/") || needed.has(url)),
          }),
        ],
      },
    }),
  ];
}

function ofPatients(file: { facadeModuleId?: string | null; moduleIds?: string[] }): boolean {
  const modules = [file.facadeModuleId ?? "", ...(file.moduleIds ?? [])];
  return modules.some((id) => id.includes(PATIENTS) || id.includes("/src/body/"));
}
