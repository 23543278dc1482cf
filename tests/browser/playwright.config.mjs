// Drives the built page (dist/) in Chromium. Run by script/test; `npx playwright test -c tests/browser -g "share"` runs a part.

import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

const root = new URL("../../", import.meta.url).pathname;
const chromium = execFileSync("script/browser", { cwd: root, encoding: "utf8" }).trim();
const port = Number(process.env.HOPWISE_TEST_PORT ?? 41730);

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
  outputDir: `${root}test-results`,
  fullyParallel: true,
  // Two pages at once would measure each other.
  workers: process.env.SPEED ? 1 : 2,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  webServer: {
    command: `node serve.mjs ${port}`,
    url: `http://127.0.0.1:${port}/tools/hopwise/`,
    reuseExistingServer: false,
  },
  use: {
    // Below a path, as on a page host that serves many tools.
    baseURL: `http://127.0.0.1:${port}/tools/hopwise/`,
    viewport: { width: 1280, height: 900 },
    timezoneId: "UTC",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A name that is not localhost, to see the page on plain http as in a company network.
        "--host-resolver-rules=MAP hopwise.corp.example 127.0.0.1",
      ],
    },
  },
});
