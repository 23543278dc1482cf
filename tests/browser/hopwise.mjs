// What every browser test shares: a page under watch, and the few things a person does with it.
//
// The watch is the privacy promise as a test: whatever a test does, no request may leave the origin, the content security policy
// may refuse nothing, and no script may fail. A test that provokes one of these on purpose says so with `allow`.

import { readFileSync } from "node:fs";
import { expect, test as plain } from "@playwright/test";

export { expect };

export const test = plain.extend({
  /** What this test provokes on purpose: "policy", "errors". */
  allow: [[], { option: true }],

  watched: [
    async ({ context, allow }, use) => {
      const seen = { elsewhere: [], policy: [], errors: [] };
      watch(context, seen);
      await use(seen);
      expect(seen.elsewhere, "requests to other origins").toEqual([]);
      if (!allow.includes("policy")) expect(seen.policy, "refused by the content security policy").toEqual([]);
      if (!allow.includes("errors")) expect(seen.errors, "script errors").toEqual([]);
    },
    { auto: true },
  ],
});

/** Notes everything a context does that it should not do. Serves contexts that a test opens itself, too. */
export function watch(context, seen) {
  const own = [/^https?:\/\/127\.0\.0\.1[:/]/, /^http:\/\/hopwise\.corp\.example[:/]/, /^(file|data|blob|about):/];
  context.on("request", (request) => {
    if (!own.some((origin) => origin.test(request.url()))) seen.elsewhere.push(request.url());
  });
  context.on("console", (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) seen.policy.push(message.text());
  });
  context.on("weberror", (event) => seen.errors.push(event.error().message));
}

const told = (file) => readFileSync(new URL(`../stories/${file}`, import.meta.url), "utf8");

/** Two founding incidents as a stranger meets them: what is pasted, one text after the other, and whom the verdict then names. */
export const incidents = {
  "one dead address of three": { pastes: ["000-one-dead-address/2-curl.txt", "000-one-dead-address/4-each-address.txt"].map(told), names: /203\.0\.113\.30/ },
  "a firewall between two namespaces": {
    pastes: ["003-firewall-between-namespaces/2-from-container.txt", "003-firewall-between-namespaces/3-iptables.txt"].map(told),
    names: /firewall/i,
  },
};

export const sample = (name) => readFileSync(new URL(`samples/${name}`, import.meta.url), "utf8");

/** Opens the page and waits until the program runs. */
export async function open(page, address = "./") {
  await page.goto(address);
  await expect(page.getByTestId("skeleton")).toHaveCount(0);
  await expect(page.getByTestId("paste-box")).toBeVisible();
}

/** Pastes from the clipboard where the cursor is. */
export async function paste(page, text) {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press("ControlOrMeta+V");
}

/** Puts text into the paste box and hands it over. */
export async function give(page, text) {
  await page.getByTestId("paste-box").fill(text);
  await page.getByTestId("add-evidence").click();
}

/** Draws hops as a person types them. */
export async function draw(page, text) {
  await page.getByTestId("tab-outline").click();
  await page.getByTestId("outline-text").fill(text);
}

/** Walks the page by Tab until it stands on this, as who has no mouse does. */
export async function tabTo(page, testid) {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await page.evaluate((id) => document.activeElement?.dataset?.testid === id, testid)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`80 presses of Tab did not reach ${testid}`);
}

/** The verdict of the pasted refusal, once the engine has given it. */
export async function verdictOfTheRefusal(page) {
  await expect(page.getByTestId("headline")).toContainText("10.40.3.21");
  return page.getByTestId("headline").textContent();
}

/** The verdict outlives a reload, and its link opens the same one as a visit. */
export async function sharesAndKeeps(page, headline) {
  await page.getByTestId("share").click();
  await expect(page.getByTestId("share-link")).toHaveValue(/#1\./);
  const link = await page.getByTestId("share-link").inputValue();
  await page.getByTestId("share-close").click();
  await page.reload();
  await expect(page.getByTestId("headline")).toHaveText(headline);
  await page.goto("about:blank");
  await open(page, link);
  await expect(page.getByTestId("headline")).toHaveText(headline);
  await expect(page.getByTestId("make-it-mine")).toBeVisible();
}
