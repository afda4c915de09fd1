import { defineConfig } from "vitest/config";

// Rules and parsers of the pages; what is seen of them is tested in a real browser.
export default defineConfig({
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], testTimeout: 60_000 },
});
