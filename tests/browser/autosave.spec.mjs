// A tab that is killed loses at most the last second. KILLS=100 npx playwright test -c tests/browser autosave repeats it as often.

import { expect, open, test } from "./hopwise.mjs";

const kills = Number(process.env.KILLS ?? 8);

test(`a tab killed at ${kills} moments never loses a case, nor more than a second of it`, async ({ page, context }) => {
  test.setTimeout(30_000 + kills * 5_000);
  let tab = page;
  let before = "";
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
    // A tab that dies before its first saving leaves what the tab before it left.
    const last = typed.findLastIndex(({ text }) => text === kept);
    expect(last >= 0 || kept === before, `after kill ${kill} the title is “${kept}”`).toBe(true);
    lost = Math.max(lost, died - (typed[last + 1]?.at ?? died));
    before = kept;
  }
  console.log(`lost at most ${lost} ms of work in ${kills} kills`);
  expect(lost).toBeLessThanOrEqual(1_000);
});
