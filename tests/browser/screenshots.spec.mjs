// Takes the pictures of the README and of every other screen, to be looked at: SCREENSHOTS=1 npx playwright test -c tests/browser screenshots
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

/** The other screens, and how one gets there from the incident. */
const screens = {
  share: (page) => page.getByTestId("share").click(),
  cases: (page) => page.getByTestId("cases-button").click(),
  commands: (page) => page.keyboard.press("?"),
  runbooks: (page) => page.keyboard.press("r"),
  runbook: (page) => page.getByRole("link", { name: "Runbook" }).or(page.getByRole("button", { name: "Runbook" })).first().click(),
  "that-was-it": (page) => page.getByText("That was it").first().click(),
  outline: (page) => page.getByTestId("tab-outline").click(),
  reasons: (page) => page.getByText("Why, and what would change it").click(),
};

if (process.env.SCREENSHOTS) {
  test("picture empty", async ({ page }) => {
    await open(page);
    await page.screenshot({ path: new URL("../../docs/screenshots/empty.png", import.meta.url).pathname });
  });
  for (const [name, go] of Object.entries(screens)) {
    test(`picture ${name}`, async ({ page }) => {
      await open(page);
      await page.getByTestId(/^example-/).first().click();
      await expect(page.getByTestId("headline")).toContainText("203.0.113.30");
      await page.getByTestId("headline").click();
      await go(page);
      // What opens is loaded, listed and laid out.
      await page.waitForTimeout(1500);
      await page.screenshot({ path: new URL(`../../docs/screenshots/${name}.png`, import.meta.url).pathname });
    });
  }
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
