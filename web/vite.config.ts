import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";
import { patientsWorker } from "./patients-worker";

// `RODINKA_STACK=http://127.0.0.1:8001 npm run dev` serves the sources before another local stack.
const stack = loadEnv("", ".", "RODINKA_").RODINKA_STACK ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), patientsWorker()],
  build: {
    target: "es2022",
    // The page's policy allows no data: in styles and fonts, so nothing is put inline.
    assetsInlineLimit: 0,
    // The API reference is one large file that only its own page loads.
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: true,
  },
  server: {
    proxy: Object.fromEntries(["/api", "/auth", "/s3"].map((path) => [path, stack])),
  },
});
