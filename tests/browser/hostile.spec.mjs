// Text that wants to run: in pastes, names, drawings, links, and in what is exported. Nothing runs, the policy has nothing to refuse,
// and no request leaves.

import { readFileSync } from "node:fs";
import { expect, give, open, sample, test } from "./hopwise.mjs";

const payloads = sample("hostile-payloads.txt").split("\n").filter(Boolean).map((line) => line.replaceAll("⏎", "\n"));

/** A case that says every payload wherever a case can say something. */
function hostileCase() {
  const nodes = payloads.map((payload, at) => ({
    id: at === 0 ? payload : `n${at}`,
    kind: ["client", "dns", "load_balancer", "service", "database"][at % 5],
    label: payload,
    hosts: [payload],
    team: payload.slice(0, 60),
    attrs: { note: payload },
  }));
  const edges = nodes.slice(1).map((node, at) => ({ from: nodes[at].id, to: node.id, protocol: payloads[at] }));
  const evidence = payloads.slice(0, 20).map((payload) => ({ text: `*   Trying 10.0.0.7:443...\n< server: ${payload}\n${payload}\n`, command: `curl '${payload}'`, vantage: payload, at: payload }));
  return { hopwise: 1, title: payloads.join(" "), graph: { nodes, edges }, evidence };
}

/** Waits until everything had its chance, touches what can be touched, and looks for traces. */
async function nothingRan(page) {
  await page.evaluate(() => {
    for (const element of document.querySelectorAll("#app *")) {
      for (const kind of ["mouseover", "pointerenter", "focus", "toggle"]) element.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  });
  expect(await page.evaluate(() => window.ran)).toBeUndefined();
  const foreign = page.locator("#app :is(img, iframe, object, embed, video, audio, script, base, meta, link, marquee, foreignObject, style, [onerror], [onload], [onclick])");
  await expect(foreign).toHaveCount(0);
  const addresses = await page.locator("#app [href], #app [src]").evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? one.getAttribute("src")));
  for (const address of addresses) expect(address).not.toMatch(/^\s*(java|vb)script:|^data:text/i);
}

test.beforeEach(({ page }) => {
  page.on("dialog", (dialog) => {
    throw new Error(`a dialog opened: ${dialog.message()}`);
  });
});

test(`${payloads.length} payloads in a paste are shown as text`, async ({ page }) => {
  expect(payloads.length).toBeGreaterThanOrEqual(150);
  await open(page);
  await give(page, `$ curl -v http://x/\n*   Trying 10.0.0.7:80...\n${payloads.map((payload) => `< x: ${payload}\n${payload}`).join("\n")}\n`);
  await expect(page.getByTestId("evidence-item")).toHaveCount(1);
  await nothingRan(page);
});

test("payloads in every name of a case, and in the link that carries it", async ({ page, context }) => {
  test.setTimeout(120_000);
  await open(page);
  await page.getByTestId("open-files").setInputFiles({ name: "case.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(hostileCase())) });
  await expect(page.getByTestId("evidence-item").first()).toBeVisible({ timeout: 60_000 });
  await nothingRan(page);
  await page.getByTestId("tab-outline").click();
  await nothingRan(page);
  await page.getByTestId("share").click();
  await expect(page.getByTestId("share-link")).toHaveValue(/#1\./, { timeout: 60_000 });
  const link = await page.getByTestId("share-link").inputValue();

  const picture = page.waitForEvent("download");
  await page.getByTestId("save-svg").click();
  const svg = readFileSync(await (await picture).path(), "utf8");
  const saved = page.waitForEvent("download");
  await page.getByTestId("save-page").click();
  const file = await (await saved).path();
  await nothingRan(page);

  const visitor = await context.newPage();
  await open(visitor, link);
  await expect(visitor.getByTestId("make-it-mine")).toBeVisible({ timeout: 60_000 });
  await nothingRan(visitor);

  // The picture as a document of its own, where scripts in it would run.
  await visitor.goto(`data:image/svg+xml,${encodeURIComponent(svg)}`);
  expect(await visitor.evaluate(() => [window.ran, document.querySelectorAll("script, image, a, foreignObject, [onload]").length])).toEqual([undefined, 0]);
  // The page with the case inside.
  const html = readFileSync(file, "utf8");
  expect(html.match(/<script id="case" type="text\/plain">[\w.-]*<\/script>/g)).toHaveLength(1);
});

test("payloads in everything a team's runbook can say, and in its file's name", async ({ page }) => {
  test.setTimeout(120_000);
  const modes = payloads.map((payload, at) => ({
    id: `mode-${at}`,
    on: ["node:load_balancer"],
    title: payload,
    prior: "occasional",
    breaks: { connect_timeout: "always" },
    rules_out: payload,
    fix: payload,
    verify: payload,
    undo: payload,
    sources: ["https://a.example/"],
  }));
  const pack = JSON.stringify({ runbook: "payloads", title: payloads.join(" "), failure_modes: modes });
  const foreign = JSON.stringify({ runbook: "sources", title: "x", failure_modes: [{ ...modes[0], id: "mode-x", sources: ["javascript:window.ran=1"] }] });
  await open(page);
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("team’s runbooks");
  await page.keyboard.press("Enter");
  const mimeType = "application/json";
  await page.getByTestId("open-pack").setInputFiles({ name: "<img src=x onerror=window.ran=1>.json", mimeType, buffer: Buffer.from(pack) });
  await expect(page.getByTestId("pack")).toHaveCount(1, { timeout: 60_000 });
  await nothingRan(page);
  await page.getByTestId("open-pack").setInputFiles({ name: "sources.json", mimeType, buffer: Buffer.from(foreign) });
  await expect(page.getByTestId("pack")).toHaveCount(2, { timeout: 60_000 });
  await expect(page.getByTestId("use-pack")).toHaveCount(0);
  await page.getByTestId("open-pack").setInputFiles({ name: "payloads.json", mimeType, buffer: Buffer.from(pack) });
  await page.getByTestId("use-pack").click({ timeout: 60_000 });
  await expect(page.getByTestId("packs")).toContainText("In use");
  await nothingRan(page);
  for (const mode of [modes[0], modes[4], modes[100]]) {
    await page.goto(`./#runbook=${mode.id}`);
    await expect(page.getByTestId("runbook-page")).toContainText("What rules it out");
    await nothingRan(page);
  }
  await page.getByTestId("all-runbooks").click();
  await page.getByTestId("seek-runbook").fill("onerror");
  await expect(page.getByTestId("runbook-entry").first()).toContainText("onerror");
  await nothingRan(page);
});

test("payloads in drawings that are imported", async ({ page }) => {
  await open(page);
  const short = payloads.filter((payload) => !payload.includes("\n")).slice(0, 120);
  const mermaid = `flowchart LR\n${short.map((payload, at) => `  a${at}["${payload}"] --> b${at}(${payload})\n  click a${at} "javascript:window.ran=1"\n  style a${at} fill:url(javascript:window.ran=1)`).join("\n")}`;
  const dot = `digraph g {\n${short.map((payload, at) => `  "${payload}" -> n${at} [label="${payload}", URL="javascript:window.ran=1"];`).join("\n")}\n}`;
  const compose = `services:\n${short.map((payload, at) => `  s${at}:\n    image: "${payload}"\n    hostname: '${payload}'`).join("\n")}\n`;
  const outline = short.map((payload) => `${payload} -> ${payload}`).join("\n");
  for (const drawing of [mermaid, dot, compose]) {
    await give(page, drawing);
    await nothingRan(page);
  }
  await page.getByTestId("tab-outline").click();
  await page.getByTestId("outline-text").fill(outline);
  await nothingRan(page);
});
