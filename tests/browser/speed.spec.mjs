// How smooth a map of 1,000 hops is: SPEED=1 npx playwright test -c tests/browser speed
// Only on request, because a machine that does other things at the same time says nothing.

import { draw, expect, open, test } from "./hopwise.mjs";

if (process.env.SPEED) {
  test("a hop among 1,000 is dragged at 60 pictures a second", async ({ page }) => {
    test.setTimeout(180_000);
    await open(page);
    const text = Array.from({ length: 999 }, (_, at) => `h${Math.floor((at + 1) * 0.7)} -> h${at + 1}`).join("\n");
    await draw(page, text);
    await page.getByTestId("tab-map").click();
    const hop = page.getByTestId("node-h0");
    await hop.scrollIntoViewIfNeeded();
    const box = await hop.boundingBox();
    await page.mouse.move(box.x + 30, box.y + 20);
    await page.mouse.down();
    await page.evaluate(() => {
      globalThis.frames = [];
      let last = performance.now();
      const note = (now) => {
        globalThis.frames.push(now - last);
        last = now;
        requestAnimationFrame(note);
      };
      requestAnimationFrame(note);
    });
    await page.mouse.move(box.x + 330, box.y + 220, { steps: 120 });
    await page.mouse.up();
    const frames = (await page.evaluate(() => globalThis.frames)).sort((a, b) => a - b);
    const median = frames[Math.floor(frames.length / 2)];
    console.log(`median frame ${median.toFixed(1)} ms of ${frames.length}`);
    expect(median).toBeLessThanOrEqual(17);
  });
}
