// The same two incidents in Firefox, driven by WebDriver BiDi: Playwright drives only a Firefox of its own making, and Debian ships
// the real one. Left out where no Firefox is installed; script/bootstrap --test installs it on a Debian machine.

import { execFileSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import puppeteer from "puppeteer-core";
import { incidents } from "./hopwise.mjs";

const root = new URL("../../", import.meta.url).pathname;
const widths = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 780 } };
const scheme = "layout.css.prefers-color-scheme.content-override";
const colorings = { light: { [scheme]: 1 }, dark: { [scheme]: 0 }, forced: { [scheme]: 1, "browser.display.document_color_use": 2 } };
const called = (name) => `[data-testid="${name}"]`;
const hands = {
  mouse: (page, name) => page.locator(called(name)).click(),
  // Backwards: behind the last thing of the page come those of the browser itself, from which no driver leads back.
  keyboard: async (page, name) => {
    await page.keyboard.down("Shift");
    for (let presses = 0; presses < 80; presses += 1) {
      if (await page.evaluate((id) => document.activeElement?.dataset?.testid === id, name)) {
        await page.keyboard.up("Shift");
        return page.keyboard.press("Enter");
      }
      await page.keyboard.press("Tab");
    }
    throw new Error(`80 presses of Shift+Tab did not reach ${name}`);
  },
  touch: async (page, name) => (await page.waitForSelector(called(name))).tap(),
};

function program() {
  try {
    return execFileSync("script/browser", ["firefox"], { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "";
  }
}

const text = (page, name) => page.$eval(called(name), (element) => element.textContent.trim()).catch(() => "");

for (const [coloring, preferences] of Object.entries(colorings)) {
  test(`Firefox, ${coloring}: from what one sees to the command to run next, by every hand, wide and narrow`, async ({ baseURL }) => {
    const executablePath = program();
    test.skip(!executablePath, "no Firefox is installed");
    test.setTimeout(240_000);
    const extraPrefsFirefox = { ...preferences, "dom.events.testing.asyncClipboard": true };
    const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, extraPrefsFirefox });
    try {
      for (const [width, viewport] of Object.entries(widths)) {
        for (const [hand, press] of Object.entries(hands)) {
          for (const [incident, { pastes, names }] of Object.entries(incidents)) {
            const profile = await browser.createBrowserContext();
            const page = await profile.newPage();
            const said = `${hand}, ${width}, ${incident}`;
            const errors = [];
            page.on("pageerror", (error) => errors.push(error.message));
            await page.setViewport(viewport);
            await page.goto(baseURL);
            await page.waitForSelector(`${called("paste-box")}:focus`);
            for (const [position, pasted] of pastes.entries()) {
              if (hand !== "keyboard") await press(page, "paste-box");
              await page.evaluate((copied) => navigator.clipboard.writeText(copied), pasted);
              await page.keyboard.down("Control");
              await page.keyboard.press("v");
              await page.keyboard.up("Control");
              await expect.poll(() => page.$$eval(called("evidence-item"), (items) => items.length), { message: said }).toBe(position + 1);
            }
            await expect.poll(() => text(page, "headline"), { message: said }).toMatch(names);
            await press(page, "copy-next");
            const command = await text(page, "next-command");
            await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), { message: said }).toBe(command);
            expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${said}: fits`).toBe(true);
            expect(errors, said).toEqual([]);
            await profile.close();
          }
        }
      }
    } finally {
      await browser.close();
    }
  });
}
