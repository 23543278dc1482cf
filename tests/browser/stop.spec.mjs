// After a panic: the program is gone, the notice is plain JavaScript, and nothing that was pasted is lost.

import { readFileSync } from "node:fs";
import { expect, open, test } from "./hopwise.mjs";

const notice = (page) => page.getByRole("alertdialog", { name: "Hopwise has stopped" });
// What the program sends from its panic hook, right before it stops.
const stop = (page) => page.evaluate(() => dispatchEvent(new CustomEvent("hopwise-panic", { detail: "stopped at place.rs:7" })));

test("a stop shows its message and offers the saved data", async ({ page }) => {
  await open(page);
  await page.evaluate(() => localStorage.setItem("hopwise.planted", "a saved line"));
  await stop(page);
  await expect(notice(page)).toContainText("stopped at place.rs:7");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download my data" }).click()]);
  expect(file.suggestedFilename()).toBe("hopwise-data.json");
  expect(JSON.parse(readFileSync(await file.path(), "utf8")).saved["hopwise.planted"]).toBe("a saved line");
});

test.describe("a trap in the program", () => {
  test.use({ allow: ["errors"] });

  test("a stop without words from the program is noticed as well", async ({ page }) => {
    await open(page);
    // An empty program whose start function is `unreachable`: what a panic is to the browser.
    await page.evaluate(() => {
      const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
      setTimeout(exports.f);
    });
    await expect(notice(page)).toContainText("unreachable");
  });
});

test("reloading restores, and a second stop within a minute offers to start empty", async ({ page }) => {
  await open(page);
  await stop(page);
  await page.getByRole("button", { name: "Reload and restore" }).click();
  await expect(notice(page)).toHaveCount(0);
  await expect(page.getByTestId("paste-box")).toBeVisible();
  await page.evaluate(() => localStorage.setItem("hopwise.planted", "the case that stops it"));
  await stop(page);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "start empty" }).click()]);
  expect(readFileSync(await file.path(), "utf8")).toContain("the case that stops it");
  await expect(page.getByTestId("paste-box")).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem("hopwise.planted"))).toBeNull();
});
