// After the first visit the page needs no network, and hopwise.html never does.

import { expect, give, open, sample, test } from "./hopwise.mjs";

test("with the network cut it reloads and still diagnoses", async ({ page, context }) => {
  await open(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByTestId("skeleton")).toHaveCount(0);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("headline")).not.toBeEmpty();
  await expect(page.getByTestId("next-command")).not.toBeEmpty();
});

test("the single file works from a disk", async ({ page }) => {
  await open(page, new URL("../../dist/hopwise.html", import.meta.url).href);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("headline")).not.toBeEmpty();
});

test.describe("the page opened as a file", () => {
  test.use({ allow: ["policy", "errors"] });

  test("points to the single file", async ({ page }) => {
    await page.goto(new URL("../../dist/index.html", import.meta.url).href);
    await expect(page.getByRole("alert")).toContainText("Open hopwise.html instead");
  });
});

test("on plain http, where browsers offer neither service worker nor clipboard, it diagnoses", async ({ page, baseURL }) => {
  await open(page, baseURL.replace("127.0.0.1", "hopwise.corp.example"));
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("headline")).not.toBeEmpty();
});
