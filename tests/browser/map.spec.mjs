// The map as a drawing board: choose, move, join, copy, remove and name hops, by mouse and by key, each a step of undo.

import { draw, expect, open, test } from "./hopwise.mjs";

const hop = (page, id) => page.getByTestId(`node-${id}`);
const middle = async (locator) => {
  const { x, y, width, height } = await locator.boundingBox();
  return { x: x + width / 2, y: y + height / 2, right: x + width };
};

async function drawn(page, text) {
  await open(page);
  await draw(page, text);
  await page.getByTestId("tab-map").click();
}

async function pull(page, from, to) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

test("a hop is drawn, named and connected without a mouse", async ({ page }) => {
  await drawn(page, "client -> lb");
  await hop(page, "lb").focus();
  await page.keyboard.press("n");
  await expect(page.getByTestId("hop-Name")).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("orders");
  await page.keyboard.press("Tab");
  await expect(hop(page, "orders")).toBeVisible();
  await hop(page, "client").focus();
  await page.keyboard.press("e");
  await expect(page.getByTestId("hop-connect")).toBeFocused();
  await page.getByTestId("hop-connect").selectOption("orders");
  await page.getByTestId("tab-outline").click();
  await expect(page.getByTestId("outline-text")).toHaveValue(/client -> lb -> orders[^]*client -> orders/);
});

test("pulling the handle of a hop onto another connects them; onto empty ground it draws a new one", async ({ page }) => {
  await drawn(page, "a -> b\na -> c");
  await hop(page, "b").hover();
  const from = await middle(hop(page, "b"));
  await pull(page, { x: from.right - 1, y: from.y }, await middle(hop(page, "c")));
  await page.getByTestId("tab-outline").click();
  await expect(page.getByTestId("outline-text")).toHaveValue(/b\(service\) -> c/);
  await page.getByTestId("undo").click();
  await expect(page.getByTestId("outline-text")).not.toHaveValue(/b\(service\) -> c/);
});

test("a hop is pulled along, lands where it was let go, and leaves no selection behind it for the browser to look for", async ({ page }) => {
  await drawn(page, "a -> b");
  const selected = () => page.evaluate(() => getSelection().rangeCount);
  expect(await selected()).toBe(1);
  const from = await middle(hop(page, "b"));
  await pull(page, from, { x: from.x, y: from.y + 60 });
  expect(await selected()).toBe(0);
  const to = await middle(hop(page, "b"));
  expect(Math.abs(to.y - from.y)).toBeGreaterThan(30);
  await page.getByTestId("undo").click();
  await expect.poll(async () => (await middle(hop(page, "b"))).y).toBeCloseTo(from.y, 0);
});

test("a frame around hops chooses them; they are copied, removed and brought back together", async ({ page }) => {
  await drawn(page, "a -> b -> c");
  const map = await page.getByTestId("map").boundingBox();
  const b = await hop(page, "b").boundingBox();
  await pull(page, { x: map.x + 2, y: map.y + 2 }, { x: b.x + b.width / 2, y: map.y + map.height - 3 });
  await expect(page.getByTestId("hop-group")).toContainText("2 hops chosen");
  await page.getByTestId("hop-duplicate").click();
  await expect(hop(page, "a-2")).toBeVisible();
  await page.getByTestId("hop-remove").click();
  await expect(hop(page, "a")).toHaveCount(0);
  await page.getByTestId("undo").click();
  await expect(hop(page, "a")).toBeVisible();
});

test("everything about a hop can be said in its form, and the outline follows", async ({ page }) => {
  await drawn(page, "client -> api");
  await hop(page, "api").click();
  await page.getByTestId("hop-kind").selectOption("proxy");
  await page.getByTestId("hop-Addresses").fill("203.0.113.10, 203.0.113.20");
  await page.getByTestId("hop-Ports").fill("443");
  await page.getByTestId("hop-Zone").fill("eu-west-1a");
  await page.getByTestId("hop-More").fill("idle_timeout: 60");
  await page.getByTestId("hop-More").press("Tab");
  await expect(hop(page, "api")).toContainText("203.0.113.20");
  await page.getByTestId("tab-outline").click();
  await expect(page.getByTestId("outline-text")).toHaveValue("client -> api(proxy)[203.0.113.10, 203.0.113.20]:443");
  await expect(page.getByTestId("hop-table")).toContainText("203.0.113.20");
  await page.getByTestId("hop-Addresses").fill("300.1.2.3");
  await page.getByTestId("hop-Addresses").press("Tab");
  await expect(page.getByTestId("trouble")).toContainText("is not an IP address");
});

test("hops moved by hand go back with one key, and undo moves them again", async ({ page }) => {
  await drawn(page, "a -> b");
  await hop(page, "b").focus();
  for (let times = 0; times < 4; times += 1) await page.keyboard.press("ArrowDown");
  await expect(page.getByTestId("tidy")).toBeVisible();
  await page.keyboard.press("l");
  await expect(page.getByTestId("tidy")).toHaveCount(0);
  await page.getByTestId("undo").click();
  await expect(page.getByTestId("tidy")).toBeVisible();
});

test("the map is brought nearer, and shown whole again", async ({ page }) => {
  await drawn(page, "a -> b -> c -> d -> e -> f -> g -> h -> i -> j");
  const width = async () => (await page.getByTestId("map").boundingBox()).width;
  await page.getByTestId("fit").click();
  const pane = await page.getByTestId("panel").boundingBox();
  await expect.poll(width).toBeLessThanOrEqual(pane.width);
  const whole = await width();
  await page.getByTestId("zoom-in").click();
  await expect.poll(width).toBeGreaterThan(whole);
});

test("a hop that calls itself and hops in a circle are drawn", async ({ page }) => {
  await drawn(page, "a -> a\na -> b -> c -> a");
  for (const id of ["a", "b", "c"]) await expect(hop(page, id)).toBeVisible();
  await expect(page.getByTestId("map").locator(".shaft")).toHaveCount(4);
});

const drawings = {
  "a Mermaid flowchart": ["flowchart LR\n  u([User]) -->|https| lb{{Edge LB}}\n  lb --> api --> db[(Orders)]", ["u", "lb", "api", "db"]],
  "a DOT graph": ["digraph {\n  web -> api;\n  api -> {db cache};\n}", ["web", "api", "db", "cache"]],
  "a docker-compose file": ["services:\n  web:\n    image: nginx\n    depends_on: [api]\n  api:\n    image: api:7\n", ["web", "api"]],
};

for (const [name, [text, ids]] of Object.entries(drawings)) {
  test(`${name} that is pasted becomes the map`, async ({ page }) => {
    await open(page);
    await page.getByTestId("paste-box").fill(text);
    await page.getByTestId("add-evidence").click();
    for (const id of ids) await expect(hop(page, id)).toBeVisible();
    await expect(page.getByTestId("evidence-item")).toHaveCount(0);
    await page.getByTestId("undo").click();
    await expect(hop(page, ids[0])).toHaveCount(0);
  });
}

test("a map too large for its pane has an overview that shows and moves what is in sight", async ({ page }) => {
  await open(page);
  const hops = Array.from({ length: 40 }, (_, hop) => `hop-${hop}`);
  await draw(page, hops.slice(0, 5).join(" -> "));
  await page.getByTestId("tab-map").click();
  await expect(page.getByTestId("overview")).toHaveCount(0);
  await draw(page, hops.join(" -> "));
  await page.getByTestId("tab-map").click();
  const overview = page.getByTestId("overview");
  await expect(overview).toBeVisible();
  const scrolled = () => page.locator(".canvas").evaluate((pane) => pane.scrollLeft);
  const sight = () => overview.locator(".sight").evaluate((box) => box.outerHTML);
  const { width, height } = await overview.boundingBox();
  await overview.click({ position: { x: 8, y: height / 2 } });
  await expect.poll(scrolled).toBe(0);
  const first = await sight();
  await overview.click({ position: { x: width - 8, y: height / 2 } });
  await expect.poll(scrolled).toBeGreaterThan(1000);
  await expect.poll(sight).not.toBe(first);
  await page.getByTestId("fit").click();
  await expect(overview).toHaveCount(0);
});
