// hopwise.html with a case inside: saved from the page, opened from a disk.

import { renameSync } from "node:fs";
import { expect, give, open, sample, sharesAndKeeps, test, verdictOfTheRefusal, watch } from "./hopwise.mjs";

const hopwise = new URL("../../dist/hopwise.html", import.meta.url).href;

async function savedPage(page, folder) {
  await page.getByTestId("share").click();
  await expect(page.getByTestId("share-link")).toHaveValue(/#1\./);
  const download = page.waitForEvent("download");
  await page.getByTestId("save-page").click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/\.html$/);
  const file = `${folder}/${saved.suggestedFilename()}`;
  await saved.saveAs(file);
  return file;
}

for (const [from, address] of [["the served page", "./"], ["the single file", hopwise]]) {
  test(`saved from ${from} it opens with the case, also again, and leaves the own case alone`, async ({ page, browser, watched }, info) => {
    await open(page, address);
    await give(page, sample("curl-refused.txt"));
    const headline = await verdictOfTheRefusal(page);
    const file = await savedPage(page, info.outputPath(""));

    const profile = await browser.newContext();
    watch(profile, watched);
    const reader = await profile.newPage();
    await open(reader, `file://${file}`);
    await expect(reader.getByTestId("headline")).toHaveText(headline);
    await expect(reader.getByTestId("make-it-mine")).toBeVisible();
    await reader.reload();
    await expect(reader.getByTestId("headline")).toHaveText(headline);
    // What is saved from a saved page holds one case and one page, not two of each.
    const again = await savedPage(reader, info.outputPath(""));
    renameSync(again, `${file}.html`);
    await open(reader, `file://${file}.html`);
    await expect(reader.getByTestId("headline")).toHaveText(headline);
    await profile.close();
  });
}

test("from a disk it pastes, diagnoses, shares, opens its own link, and keeps the case over a reload", async ({ page, context }) => {
  await context.setOffline(true);
  await open(page, hopwise);
  await give(page, sample("curl-refused.txt"));
  const headline = await verdictOfTheRefusal(page);
  await sharesAndKeeps(page, headline);
});
