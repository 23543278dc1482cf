// The loop a person walks: paste, read the verdict, copy the next command, take a step back.

import { expect, give, open, sample, test } from "./hopwise.mjs";

test("a pasted curl -v yields a verdict, its reasons and the next command", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("verdict")).toBeVisible();
  await expect(page.getByTestId("headline")).not.toBeEmpty();
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await expect(page.getByTestId("evidence-item")).toContainText("curl");
  await expect(page.getByTestId("next-command")).toContainText(/\S/);
});

test("the copied command is the one shown, without a newline at its end", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await give(page, sample("curl-refused.txt"));
  await page.getByTestId("copy-next").click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe((await page.getByTestId("next-command").textContent()).trim());
});

test("every example opens in one click and has a verdict", async ({ page }) => {
  await open(page);
  const examples = await page.getByTestId(/^example-/).evaluateAll((doors) => doors.map((door) => door.dataset.testid));
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) {
    await page.evaluate(() => localStorage.clear());
    await open(page);
    await page.getByTestId(example).click();
    await expect(page.getByTestId("headline")).not.toBeEmpty();
    await expect(page.getByTestId("map")).toBeVisible();
  }
});

test("undo takes the paste back and redo brings it again", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await page.getByTestId("undo").click();
  await expect(page.getByTestId("evidence-item")).toHaveCount(0);
  await page.getByTestId("redo").click();
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
});

test("a reload restores the case", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const headline = await page.getByTestId("headline").textContent();
  await page.reload();
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await expect(page.getByTestId("headline")).toHaveText(headline);
});

test("hops typed as text become the map", async ({ page }) => {
  await open(page);
  await page.getByTestId("outline-text").fill("tester -> elb[203.0.113.10, 203.0.113.20] -> backend -> db");
  await page.getByTestId("outline-text").press("Tab");
  for (const id of ["tester", "elb", "backend", "db"]) await expect(page.getByTestId(`node-${id}`)).toBeVisible();
});
