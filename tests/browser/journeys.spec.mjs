// Two founding incidents from the empty page to the copied command: by mouse, by key, by touch; wide and narrow; in every coloring.

import { expect, open, tabTo, test } from "./hopwise.mjs";

const incidents = ["one-of-three-addresses", "firewall-between-namespaces"];
const widths = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 780 } };
const colorings = { light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, forced: { contextOptions: { forcedColors: "active" } } };
const hands = {
  mouse: { press: (page, name) => page.getByTestId(name).click() },
  keyboard: {
    press: async (page, name) => {
      await tabTo(page, name);
      await page.keyboard.press("Enter");
    },
  },
  touch: { press: (page, name) => page.getByTestId(name).tap(), context: { hasTouch: true } },
};

for (const [hand, { press, context }] of Object.entries(hands)) {
  for (const [width, viewport] of Object.entries(widths)) {
    for (const [coloring, colors] of Object.entries(colorings)) {
      test.describe(`${hand}, ${width}, ${coloring}`, () => {
        test.use({ viewport, ...colors, ...context });

        test("an incident is opened and its next command copied", async ({ page, context: profile }) => {
          await profile.grantPermissions(["clipboard-read", "clipboard-write"]);
          for (const incident of incidents) {
            await open(page);
            await press(page, "cases-button");
            await press(page, "new-case");
            await press(page, `example-${incident}`);
            await expect(page.getByTestId("reasons")).not.toBeEmpty();
            await press(page, "copy-next");
            const command = (await page.getByTestId("next-command").textContent()).trim();
            await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(command);
          }
        });
      });
    }
  }
}
