// A link carries the case to another person's browser, and never touches what that person has.

import { expect, give, open, sample, test, watch, verdictOfTheRefusal } from "./hopwise.mjs";

async function linkOf(page) {
  await page.getByTestId("share").click();
  const field = page.getByTestId("share-link");
  await expect(field).toBeVisible();
  return (await field.evaluate((element) => element.value ?? element.textContent)).trim();
}

test("a link restores the same state in another browser profile", async ({ page, browser, baseURL, watched }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const headline = await verdictOfTheRefusal(page);
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

test("a link whose # was escaped on its way opens the case", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const headline = await verdictOfTheRefusal(page);
  const link = await linkOf(page);
  await page.goto("about:blank");
  await page.goto(link.replace("#", "%23"));
  await expect(page.getByTestId("headline")).toHaveText(headline);
});

test("a visited case can be added to the own one, and the union be undone", async ({ page, browser, baseURL, watched }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const link = await linkOf(page);

  const profile = await browser.newContext({ baseURL });
  watch(profile, watched);
  const visitor = await profile.newPage();
  await open(visitor);
  await give(visitor, "my own note\n");
  await expect(visitor.getByTestId("evidence-item")).toHaveCount(1);
  await visitor.goto("about:blank");
  await open(visitor, link);
  await visitor.getByTestId("join").click();
  await expect(visitor.getByTestId("evidence-item")).toHaveCount(2);
  await expect(visitor.getByTestId("evidence-list")).toContainText("my own note");
  await visitor.getByTestId("undo").click();
  await expect(visitor.getByTestId("evidence-item")).toHaveCount(1);
  await profile.close();
});

test("an encrypted link opens with its passphrase only", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const headline = await verdictOfTheRefusal(page);
  const plain = await linkOf(page);
  const passphrase = await page.getByTestId("seal-passphrase").inputValue();
  await page.getByTestId("seal").click();
  await expect(page.getByTestId("share-link")).not.toHaveValue(plain);
  const link = await page.getByTestId("share-link").inputValue();
  await page.goto("about:blank");
  await open(page, link);
  await page.getByTestId("passphrase").fill("another one");
  await page.getByTestId("passphrase-open").click();
  await expect(page.getByTestId("passphrase-dialog")).toContainText("does not open the link");
  await page.getByTestId("passphrase").fill(passphrase);
  await page.getByTestId("passphrase-open").click();
  await expect(page.getByTestId("headline")).toHaveText(headline);
  await expect(page.getByTestId("make-it-mine")).toBeVisible();
});

test("the map can be taken along as SVG and as PNG", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  await linkOf(page);
  for (const [button, ending] of [["save-svg", ".svg"], ["save-png", ".png"]]) {
    const download = page.waitForEvent("download");
    await page.getByTestId(button).click();
    expect((await download).suggestedFilename()).toContain(ending);
  }
});

test("a foreign fragment is answered with a sentence", async ({ page }) => {
  await open(page, "./#1.notalink");
  await expect(page.getByTestId("trouble")).toContainText(/link/i);
  await expect(page.getByTestId("paste-box")).toBeVisible();
});

test("a link in a mail, wrapped and quoted, opens when the mail is pasted", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const headline = await verdictOfTheRefusal(page);
  const link = await linkOf(page);
  await page.goto("about:blank");
  await open(page);
  const mail = `Ana wrote:\n> <${link.replace("#", "%23").replaceAll(/(.{60})/g, "$1=\n> ")}>\n> thanks\n`;
  await give(page, mail);
  await expect(page.getByTestId("make-it-mine")).toBeVisible();
  await expect(page.getByTestId("headline")).toHaveText(headline);
});
