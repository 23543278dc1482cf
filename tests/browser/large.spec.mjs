// Large pastes: the engine reads beside the page, typing goes on meanwhile, and reading can be stopped.

import { expect, give, open, sample, test } from "./hopwise.mjs";

/** 10 MB of what a shell prints when curl runs in a loop. */
const large = () => sample("curl-refused.txt").repeat(Math.ceil(10_000_000 / sample("curl-refused.txt").length));

test("10 MB hold up no key press for 100 ms", async ({ page }) => {
  await open(page);
  // Longest time between two chances to handle input, from before the paste until the evidence is on screen.
  await page.evaluate(() => {
    window.longest = 0;
    let before = performance.now();
    const turn = new MessageChannel();
    turn.port1.onmessage = () => {
      const now = performance.now();
      window.longest = Math.max(window.longest, now - before);
      before = now;
      setTimeout(() => turn.port2.postMessage(0));
    };
    turn.port2.postMessage(0);
  });
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    window.longest = 0;
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, large());
  await expect(page.getByTestId("evidence-item")).toHaveCount(1, { timeout: 50_000 });
  const longest = await page.evaluate(() => window.longest);
  console.log(`10 MB: longest pause ${longest.toFixed(0)} ms`);
  expect(longest).toBeLessThan(100);
});

test("a long reading can be stopped, and the paste is back in its box", async ({ page }) => {
  await open(page);
  await give(page, large());
  await page.getByTestId("stop-reading").click();
  await expect(page.getByTestId("trouble")).toContainText("Stopped by you");
  await expect(page.getByTestId("evidence-item")).toHaveCount(0);
  await expect(page.getByTestId("paste-box")).not.toBeEmpty();
  await page.getByTestId("paste-box").fill("");
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("headline")).toContainText("10.40.3.21");
});
