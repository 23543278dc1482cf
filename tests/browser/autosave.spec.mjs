// A tab that is killed loses at most the last second. KILLS=100 npx playwright test -c tests/browser autosave repeats it as often.

import { expect, open, test } from "./hopwise.mjs";

const kills = Number(process.env.KILLS ?? 8);

test(`a tab killed at ${kills} moments never loses a case, nor more than a second of it`, async ({ page, context }) => {
  test.setTimeout(30_000 + kills * 5_000);
  let tab = page;
  let lost = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    await open(tab);
    // Moments spread over what one saving takes, the same in every run.
    const until = Date.now() + 600 + ((kill * 137) % 700);
    const typed = [];
    while (Date.now() < until) {
      const text = `kill ${kill}, letter ${typed.length}`;
      await tab.getByTestId("title").fill(text);
      typed.push({ text, at: Date.now() });
    }
    const crashed = tab.waitForEvent("crash");
    const died = Date.now();
    const debug = await context.newCDPSession(tab);
    debug.send("Page.crash").catch(() => {});
    await crashed;
    tab = await context.newPage();
    await open(tab);
    const kept = await tab.getByTestId("title").inputValue();
    const at = typed.findLast(({ text }) => text === kept)?.at;
    expect(at, `after kill ${kill} the title is “${kept}”`).toBeDefined();
    lost = Math.max(lost, died - at);
  }
  console.log(`lost at most ${lost} ms of work in ${kills} kills`);
  expect(lost).toBeLessThanOrEqual(1_000);
});
