// The loop a person walks: paste, read the verdict, copy the next command, take a step back.

import { draw, expect, give, incidents, open, paste, sample, test, watch, verdictOfTheRefusal } from "./hopwise.mjs";

test("a pasted curl -v yields a verdict, its reasons and the next command", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("verdict")).toBeVisible();
  await expect(page.getByTestId("headline")).not.toBeEmpty();
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await expect(page.getByTestId("evidence-item")).toContainText("curl");
  await expect(page.getByTestId("next-command")).toContainText(/\S/);
});

test("the copied command is the one shown, without a newline at its end", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await give(page, sample("curl-refused.txt"));
  await page.getByTestId("copy-next").click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe((await page.getByTestId("next-command").textContent()).trim());
});

test("on a phone the answer and the command to run next are on the screen, without scrolling", async ({ page, context }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  for (const text of incidents["one dead address of three"].pastes) await paste(page, text);
  await expect(page.getByTestId("evidence-item")).toHaveCount(2);
  await expect(page.getByTestId("headline")).toContainText("203.0.113.30");
  await expect(page.getByTestId("headline")).toBeInViewport({ ratio: 1 });
  await expect(page.getByTestId("copy-next")).toBeInViewport({ ratio: 1 });
});

test("an answer without its command is asked for once more with it", async ({ page }) => {
  await open(page);
  await give(page, "HTTP/1.1 503 Service Unavailable\ncontent-length: 0\n\n");
  await expect(page.getByTestId("headline")).toContainText("paste it once more, with its command");
  await give(page, "$ curl -i http://10.40.3.21:8080/\nHTTP/1.1 503 Service Unavailable\ncontent-length: 0\n\n");
  await expect(page.getByTestId("headline")).toContainText("10.40.3.21");
});

test("every example opens in one click and has a verdict", async ({ page, browser, baseURL, watched }) => {
  await open(page);
  const examples = await page.getByTestId(/^example-/).evaluateAll((doors) => doors.map((door) => door.dataset.testid));
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) {
    const profile = await browser.newContext({ baseURL });
    watch(profile, watched);
    const visitor = await profile.newPage();
    await open(visitor);
    await visitor.getByTestId(example).click();
    await expect(visitor.getByTestId("evidence-item").first()).toBeVisible();
    await expect(visitor.getByTestId("reasons")).not.toBeEmpty();
    await profile.close();
  }
});

test("undo takes the paste back and redo brings it again", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await page.getByTestId("undo").click();
  await expect(page.getByTestId("evidence-item")).toHaveCount(0);
  await page.getByTestId("redo").click();
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
});

test("a reload restores the case", async ({ page }) => {
  await open(page);
  await give(page, sample("curl-refused.txt"));
  const headline = await verdictOfTheRefusal(page);
  await page.reload();
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await expect(page.getByTestId("headline")).toHaveText(headline);
});

test("hops typed as text become the map", async ({ page }) => {
  await open(page);
  await draw(page, "tester -> elb[203.0.113.10, 203.0.113.20] -> backend -> db");
  await page.getByTestId("tab-map").click();
  for (const id of ["tester", "elb", "backend", "db"]) await expect(page.getByTestId(`node-${id}`)).toBeVisible();
});

test("a hop can be dragged, and undo puts it back", async ({ page }) => {
  await open(page);
  await draw(page, "tester -> elb -> backend");
  await page.getByTestId("tab-map").click();
  const hop = page.getByTestId("node-elb");
  const before = await hop.boundingBox();
  await hop.hover();
  await page.mouse.down();
  await page.mouse.move(before.x + before.width / 2 + 40, before.y + before.height / 2 + 60, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await hop.boundingBox()).y).toBeGreaterThan(before.y + 30);
  await page.getByTestId("undo").click();
  await expect.poll(async () => Math.abs((await hop.boundingBox()).y - before.y)).toBeLessThan(2);
});
