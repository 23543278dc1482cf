// A secret of a paste reaches nothing that is kept or leaves: storage, link, file, note, chat message, picture, page, clipboard.

import { readFileSync } from "node:fs";
import { expect, open, test } from "./hopwise.mjs";

const secret = "Kd83hDkslKJH3xyz";
const paste = `$ curl -v -u ana:${secret} https://a.example/
*   Trying 10.40.3.21:443...
* Connected to a.example (10.40.3.21) port 443
> GET /v1/orders?token=${secret} HTTP/1.1
> Authorization: Bearer ${secret}
> Cookie: sid=${secret}
>
< HTTP/1.1 503 Service Unavailable
< Set-Cookie: sid=${secret}; Path=/
< Location: https://a.example/login?ticket=${secret}
<
DB_PASSWORD=${secret}
`;

test("a planted secret is found in none of the ways out", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await page.getByTestId("paste-box").fill(paste);
  await page.getByTestId("add-evidence").click();
  await expect(page.getByTestId("headline")).not.toBeEmpty();
  const ways = { page: () => page.content() };
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain("10.40.3.21");
  ways.storage = () => page.evaluate(async () => JSON.stringify([localStorage, sessionStorage, (await indexedDB.databases()).length, location.href, history.state]));
  await page.getByTestId("share").click();
  await page.getByTestId("share-text").check();
  await expect(page.getByTestId("share-link")).toHaveValue(/#1\./);
  const clipboard = (button) => async () => {
    await page.evaluate(() => navigator.clipboard.writeText("nothing yet"));
    await page.getByTestId(button).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).not.toBe("nothing yet");
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const file = (button) => async () => {
    const download = page.waitForEvent("download");
    await page.getByTestId(button).click();
    return readFileSync(await (await download).path(), "utf8");
  };
  for (const button of ["copy-link", "copy-note", "copy-chat"]) ways[button] = clipboard(button);
  for (const button of ["save-file", "save-svg", "save-page"]) ways[button] = file(button);
  for (const [name, way] of Object.entries(ways)) expect(await way(), name).not.toContain(secret.slice(0, 6));
  // What the link carries, as the other side sees it.
  const link = await page.getByTestId("share-link").inputValue();
  await page.goto("about:blank");
  await open(page, link);
  await expect(page.getByTestId("make-it-mine")).toBeVisible();
  expect(await page.content()).not.toContain(secret.slice(0, 6));
});
