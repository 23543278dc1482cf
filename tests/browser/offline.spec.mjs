// After the first visit the page needs no network, and hopwise.html never does.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { expect, give, open, sample, sharesAndKeeps, test, verdictOfTheRefusal } from "./hopwise.mjs";

test("with the network cut it reloads and still diagnoses", async ({ page, context }) => {
  await open(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByTestId("skeleton")).toHaveCount(0);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("headline")).not.toBeEmpty();
  await expect(page.getByTestId("next-command")).not.toBeEmpty();
  const headline = await verdictOfTheRefusal(page);
  await sharesAndKeeps(page, headline);
});

test("a newer build waits until a person takes it, also over a reload", async ({ page, context, baseURL }) => {
  await open(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  // Taking the newer build loads the page anew, sometimes under the question.
  const running = () => page.evaluate(() => caches.keys()).catch(() => []);
  const [mine] = await running();
  await context.addCookies([{ name: "build", value: "newer", url: baseURL }]);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await expect(page.getByTestId("update")).toBeVisible();
  expect(await running()).toContain(mine);
  await page.reload();
  await expect(page.getByTestId("update")).toBeVisible();
  expect(await running()).toContain(mine);
  await page.getByTestId("update").getByRole("button", { name: "Use it now" }).click();
  await expect.poll(running).toEqual(["hopwise-newer"]);
});

test("every file of the build is listed with its checksum, and none else", () => {
  const dist = new URL("../../dist/", import.meta.url);
  const listed = readFileSync(new URL("sha256sums", dist), "utf8").trimEnd().split("\n").map((line) => line.split("  "));
  for (const [sum, file] of listed) {
    expect(createHash("sha256").update(readFileSync(new URL(file, dist))).digest("hex"), file).toBe(sum);
  }
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(listed.map(([, file]) => file.split("/").pop()).sort()).toEqual(files.map((entry) => entry.name).filter((name) => name !== "sha256sums").sort());
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
