// Two founding incidents from the empty page to the copied command: by mouse, by key, by touch; wide and narrow; in every coloring.

import { expect, incidents, open, paste, tabTo, test } from "./hopwise.mjs";

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
        test.use({ viewport, permissions: ["clipboard-read", "clipboard-write"], ...colors, ...context });

        for (const [incident, { pastes, names }] of Object.entries(incidents)) {
          test(`${incident}, from what one sees to the command to run next`, async ({ page }) => {
            await open(page);
            for (const [position, text] of pastes.entries()) {
              // The cursor waits in the paste box, and stays there.
              if (hand !== "keyboard") await press(page, "paste-box");
              await paste(page, text);
              await expect(page.getByTestId("evidence-item")).toHaveCount(position + 1);
            }
            await expect(page.getByTestId("headline")).toContainText(names);
            await press(page, "copy-next");
            const command = (await page.getByTestId("next-command").textContent()).trim();
            await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(command);
          });
        }
      });
    }
  }
}
