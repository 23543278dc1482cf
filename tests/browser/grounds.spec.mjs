// What stands behind a verdict: what would change it, why not something else, how belief moved, how old the evidence is.

import { expect, give, open, sample, test } from "./hopwise.mjs";

test("the grounds of a verdict tell what was compared and how belief moved, as a chart and as a table", async ({ page }) => {
  await open(page);
  await page.getByTestId("example-one-of-three-addresses").click();
  await expect(page.getByTestId("headline")).toContainText("203.0.113.30");
  await page.getByTestId("grounds").click();
  await expect(page.getByTestId("contrasts")).toContainText("by address");
  await expect(page.getByTestId("course")).toBeVisible();
  const rows = page.getByTestId("course-table").locator("tbody tr");
  await expect(rows.first()).toContainText("backend-pub");
  const pieces = await page.getByTestId("evidence-item").count();
  await expect(rows.first().locator("td")).toHaveCount(pieces);
  // Leaving a piece out moves the last point.
  const before = await rows.first().locator("td").allTextContents();
  await page.getByTestId("mute").last().click();
  await expect.poll(() => rows.first().locator("td").allTextContents()).not.toEqual(before);
});

test("every example tells in its grounds what it would be asked about", async ({ page }) => {
  const examples = ["firewall-between-namespaces", "no-healthy-backend", "connection-pool-exhausted", "slow-name-server"];
  const told = [];
  for (const example of examples) {
    await open(page);
    await page.getByTestId("share").focus();
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("new case");
    await page.keyboard.press("Enter");
    await page.getByTestId(`example-${example}`).click();
    await expect(page.getByTestId("evidence-item").first()).toBeVisible();
    await expect(page.getByTestId("that-was-it").first()).toBeAttached();
    await page.getByTestId("grounds").click();
    for (const part of ["turns", "lowered", "contrasts", "sum", "unexplained"]) if (await page.getByTestId(part).count()) told.push(part);
  }
  expect(told).toContain("turns");
  expect(told).toContain("lowered");
});

test("a cell of the table is filled in by whoever tried", async ({ page }) => {
  await open(page);
  await give(page, "laptop -> 203.0.113.10: works");
  await give(page, "office -> 203.0.113.20: times out");
  await page.getByTestId("fill-contrast").first().selectOption("works");
  await expect(page.getByTestId("evidence-item")).toHaveCount(3);
  await expect(page.getByTestId("fill-contrast")).toHaveCount(1);
  await page.getByTestId("undo").click();
  await expect(page.getByTestId("fill-contrast")).toHaveCount(2);
});

test("evidence that grew old says how old it is", async ({ page }) => {
  await page.clock.install();
  await open(page);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await expect(page.getByTestId("stale")).toHaveCount(0);
  await page.clock.fastForward("35:00");
  await expect(page.getByTestId("stale")).toContainText(/3[45] min ago/);
});
