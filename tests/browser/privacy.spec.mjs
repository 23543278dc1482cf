// The promise in code: the page can talk to its own origin and to nobody else. (Every other test is under the same watch.)

import { expect, give, open, sample, test } from "./hopwise.mjs";

test.describe("on purpose", () => {
  test.use({ allow: ["policy"] });

  test("the policy stops a request, an image and a script that try to leave", async ({ page, watched }) => {
    await open(page);
    const outcome = await page.evaluate(async () => {
      const image = new Image();
      const refused = new Promise((resolve) => (image.onerror = () => resolve("refused")));
      image.src = "https://elsewhere.example/pixel.png";
      const fetched = await fetch("https://elsewhere.example/").then(() => "sent", () => "refused");
      const button = document.createElement("button");
      button.setAttribute("onclick", "window.ran = true");
      document.body.append(button);
      button.click();
      return [await refused, fetched, window.ran ?? "did not run"];
    });
    expect(outcome).toEqual(["refused", "refused", "did not run"]);
    expect(watched.policy.length).toBeGreaterThanOrEqual(3);
    // Chromium announces the refused image as a request before it refuses it.
    watched.elsewhere.length = 0;
  });
});

test("hostile text in a paste is shown as text and runs nothing", async ({ page }) => {
  await open(page);
  await give(page, sample("hostile.txt"));
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await expect(page.getByTestId("evidence-item")).toContainText("hostile.example");
  expect(await page.evaluate(() => window.ran)).toBeUndefined();
  await expect(page.locator("img, iframe, script[src*='hostile']")).toHaveCount(0);
});
