// The list of commands, the keys, and the cases kept in this browser.

import { draw, expect, give, open, sample, test, verdictOfTheRefusal } from "./hopwise.mjs";

test("the list of commands finds one by a few letters and runs it", async ({ page }) => {
  await open(page);
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByTestId("seek")).toBeFocused();
  await page.keyboard.type("exam since midn");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("sheet")).toBeHidden();
  await expect(page.getByTestId("evidence-item").first()).toBeVisible();
});

test("the question mark shows every key, and Escape closes the sheet", async ({ page }) => {
  await open(page);
  await page.getByTestId("share").focus();
  await page.keyboard.press("?");
  await expect(page.getByTestId("commands")).toContainText("Tidy the map");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("sheet")).toBeHidden();
});

test("single keys are letters while one types and tools otherwise", async ({ page }) => {
  await open(page);
  await expect(page.getByTestId("paste-box")).toBeFocused();
  await page.keyboard.type("obc?");
  await expect(page.getByTestId("paste-box")).toHaveValue("obc?");
  await expect(page.getByTestId("sheet")).toBeHidden();
  await page.getByTestId("share").focus();
  await page.keyboard.press("o");
  await expect(page.getByTestId("outline-text")).toBeFocused();
});

test("an example that was opened by mistake is undone", async ({ page }) => {
  await open(page);
  await page.getByTestId("example-expired-certificate").click();
  await expect(page.getByTestId("evidence-item").first()).toBeVisible();
  await page.getByTestId("undo").click();
  await expect(page.getByTestId("doors")).toBeVisible();
});

test("cases are listed, opened, deleted, and brought back", async ({ page }) => {
  await open(page);
  await page.getByTestId("title").fill("First");
  await give(page, sample("curl-refused.txt"));
  await page.getByTestId("cases-button").click();
  await page.getByTestId("new-case").click();
  await expect(page.getByTestId("evidence-item")).toHaveCount(0);
  await page.getByTestId("title").fill("Second");
  await draw(page, "a -> b");
  await page.getByTestId("cases-button").click();
  await expect(page.getByTestId("case")).toHaveCount(2);
  await page.getByTestId("case").filter({ hasText: "First" }).click();
  await expect(page.getByTestId("title")).toHaveValue("First");
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await page.getByTestId("cases-button").click();
  await page.getByLabel("Delete Second").click();
  await expect(page.getByTestId("case")).toHaveCount(1);
  await page.getByTestId("put-back").click();
  await expect(page.getByTestId("case")).toHaveCount(2);
});

test("leaving evidence out shows what the verdict was with it", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const headline = await verdictOfTheRefusal(page);
  await page.getByTestId("mute").click();
  await expect(page.getByTestId("flip")).toContainText(headline.trim());
});
