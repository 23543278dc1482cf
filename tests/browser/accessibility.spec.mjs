// axe-core finds nothing to complain about, empty and with a case, light and dark, wide and narrow.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { draw, expect, give, open, sample, tabTo, test } from "./hopwise.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function complaints(page) {
  // Through the debugger: the page's own policy would refuse a foreign script.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(" ")).join(", ")})`);
}

const colors = ["light", "dark"];
const widths = { wide: 1280, narrow: 360 };

for (const colorScheme of colors) {
  for (const [name, width] of Object.entries(widths)) {
    test.describe(`${colorScheme}, ${name}`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 } });

      test("the empty page is accessible", async ({ page }) => {
        await open(page);
        expect(await complaints(page)).toEqual([]);
      });

      test("a verdict is accessible", async ({ page }) => {
        await open(page);
        await give(page, sample("curl-refused.txt"));
        await expect(page.getByTestId("headline")).not.toBeEmpty();
        expect(await complaints(page)).toEqual([]);
      });

      test("every sheet and form is accessible", async ({ page }) => {
        await open(page);
        await draw(page, "client -> lb[203.0.113.10, 203.0.113.20] -> api");
        await page.getByTestId("hop-row").first().click();
        await expect(page.getByTestId("hop-form")).toBeVisible();
        expect(await complaints(page)).toEqual([]);
        for (const button of ["cases-button", "commands-button"]) {
          await page.getByTestId(button).click();
          await expect(page.getByTestId("sheet")).toBeVisible();
          expect(await complaints(page)).toEqual([]);
          await page.getByTestId("sheet-close").click();
        }
        await page.goto("./#runbook=address-dead");
        await expect(page.getByTestId("runbook-page")).toBeVisible();
        expect(await complaints(page)).toEqual([]);
        await page.getByTestId("all-runbooks").click();
        await expect(page.getByTestId("runbook-entry").first()).toBeVisible();
        expect(await complaints(page)).toEqual([]);
        await page.getByTestId("team-runbooks").click();
        await page.getByTestId("open-pack").setInputFiles({ name: "half.json", mimeType: "application/json", buffer: Buffer.from('{"runbook": ') });
        await expect(page.getByTestId("pack")).toBeVisible();
        expect(await complaints(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      });

      test("what folds out, what is written and what is sought is accessible", async ({ page }) => {
        await open(page);
        await page.getByTestId("example-one-of-three-addresses").click();
        await expect(page.getByTestId("headline")).toContainText("203.0.113.30");
        for (const fold of await page.locator("summary:visible").all()) await fold.click();
        await expect(page.getByTestId("course")).toBeVisible();
        await expect(page.getByTestId("contrast")).toBeVisible();
        await page.getByTestId("toggle").first().click();
        expect(await complaints(page)).toEqual([]);
        await page.getByTestId("share").click();
        await expect(page.getByTestId("share-link")).toHaveValue(/#1\./);
        expect(await complaints(page)).toEqual([]);
        await page.getByTestId("share-close").click();
        await page.keyboard.press("ControlOrMeta+k");
        await page.keyboard.type("hop");
        expect(await complaints(page)).toEqual([]);
        await page.keyboard.press("Escape");
        await page.getByTestId("that-was-it").first().click();
        await expect(page.getByTestId("download-draft")).toBeVisible();
        expect(await complaints(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      });

      test("the table one fills in and the overview of a large map are accessible", async ({ page }) => {
        await open(page);
        await give(page, "laptop -> 203.0.113.10: works");
        await give(page, "office -> 203.0.113.20: times out");
        await expect(page.getByTestId("fill-contrast")).toHaveCount(2);
        expect(await complaints(page)).toEqual([]);
        await draw(page, Array.from({ length: 40 }, (_, hop) => `hop-${hop}`).join(" -> "));
        await page.getByTestId("tab-map").click();
        await expect(page.getByTestId("overview")).toHaveCount(name === "wide" ? 1 : 0);
        expect(await complaints(page)).toEqual([]);
      });

      test("nothing scrolls sideways", async ({ page }) => {
        await open(page);
        await give(page, sample("curl-refused.txt"));
        await expect(page.getByTestId("headline")).not.toBeEmpty();
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      });
    });
  }
}

test("from the empty page to the copied command by keyboard alone", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await expect(page.getByTestId("paste-box")).toBeFocused();
  await page.keyboard.insertText(sample("curl-refused.txt"));
  for (const target of ["add-evidence", "copy-next"]) {
    await tabTo(page, target);
    await page.keyboard.press("Enter");
  }
  const command = (await page.getByTestId("next-command").textContent()).trim();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(command);
});

