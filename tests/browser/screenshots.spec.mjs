// Takes the pictures of the README: SCREENSHOTS=1 npx playwright test -c tests/browser screenshots
// Only on request, so that a test run leaves the repository as it was.

import { expect, open, test } from "./hopwise.mjs";

/** As people see the page who do not see its colors. */
const eyes = { greyscale: "achromatopsia", deuteranopia: "deuteranopia" };

const shots = {
  "wide-light": { colorScheme: "light", viewport: { width: 1440, height: 960 } },
  "wide-dark": { colorScheme: "dark", viewport: { width: 1440, height: 960 } },
  "phone-light": { colorScheme: "light", viewport: { width: 360, height: 780 } },
  "phone-dark": { colorScheme: "dark", viewport: { width: 360, height: 780 } },
};

if (process.env.SCREENSHOTS) {
  for (const [name, settings] of Object.entries(shots)) {
    test.describe(name, () => {
      test.use(settings);
      test(`picture ${name}`, async ({ page }) => {
        await open(page);
        await page.getByTestId(/^example-/).first().click();
        await expect(page.getByTestId("headline")).toContainText("203.0.113.30");
        await expect(page.getByTestId("headline")).toBeInViewport();
        const path = new URL(`../../docs/screenshots/${name}.png`, import.meta.url).pathname;
        await page.screenshot({ path, fullPage: name.startsWith("wide") });
      });
    });
  }
  for (const [name, type] of Object.entries(eyes)) {
    test(`picture ${name}`, async ({ page, context }) => {
      await open(page);
      await page.getByTestId(/^example-/).first().click();
      await expect(page.getByTestId("headline")).toContainText("203.0.113.30");
      const debug = await context.newCDPSession(page);
      await debug.send("Emulation.setEmulatedVisionDeficiency", { type });
      await page.getByTestId("map").screenshot({ path: new URL(`../../docs/screenshots/${name}.png`, import.meta.url).pathname });
    });
  }
}
