// A link carries the case to another person's browser, and never touches what that person has.

import { expect, give, open, sample, test, watch } from "./hopwise.mjs";

async function linkOf(page) {
  await page.getByTestId("share").click();
  const field = page.getByTestId("share-link");
  await expect(field).toBeVisible();
  return (await field.evaluate((element) => element.value ?? element.textContent)).trim();
}

test("a link restores the same state in another browser profile", async ({ page, browser, baseURL, watched }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const headline = await page.getByTestId("headline").textContent();
  const link = await linkOf(page);
  expect(link).toContain("#");

  const profile = await browser.newContext({ baseURL });
  watch(profile, watched);
  const visitor = await profile.newPage();
  await open(visitor, link);
  await expect(visitor.getByTestId("headline")).toHaveText(headline);
  await expect(visitor.getByTestId("evidence-item")).toHaveCount(1);
  await profile.close();
});

test("opening a link leaves the own case alone", async ({ page, browser, baseURL, watched }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const link = await linkOf(page);

  const profile = await browser.newContext({ baseURL });
  watch(profile, watched);
  const visitor = await profile.newPage();
  await open(visitor);
  await give(visitor, "my own note\n");
  await expect(visitor.getByTestId("evidence-item")).toContainText("my own note");
  // A hash alone would not reload the page, as a click in a chat does.
  await visitor.goto("about:blank");
  await open(visitor, link);
  await visitor.goto("about:blank");
  await open(visitor);
  await expect(visitor.getByTestId("evidence-item")).toContainText("my own note");
  await profile.close();
});

test("a cut link says so and where it was cut", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const link = await linkOf(page);
  await page.goto("about:blank");
  await open(page, link.slice(0, -20));
  await expect(page.getByTestId("trouble")).toContainText(/link was cut/i);
  // Nothing of the own case is lost over it.
  await page.goto("about:blank");
  await open(page);
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
});

test("a foreign fragment is answered with a sentence", async ({ page }) => {
  await open(page, "./#1.notalink");
  await expect(page.getByTestId("trouble")).toContainText(/link/i);
  await expect(page.getByTestId("paste-box")).toBeVisible();
});
