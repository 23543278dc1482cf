// The first seconds: the page is usable before its program arrives, and says why when the program does not start.

import { expect, give, open, sample, test } from "./hopwise.mjs";

const wasm = /\/(page|engine)-[0-9a-f]+(_bg)?\.wasm$/;
const engine = /\/engine-[0-9a-f]+\.wasm$/;
const glue = /\/page-[0-9a-f]+\.js$/;
const problem = (page) => page.getByRole("alert");

test("it opens below a path, without a complaint, with the cursor in the paste box", async ({ page }) => {
  await open(page);
  await expect(page.getByTestId("trouble")).toBeEmpty();
  await expect(page.getByTestId("paste-box")).toBeFocused();
  await expect(page).toHaveTitle(/Hopwise/);
});

test("the program is loaded once, not twice", async ({ page }) => {
  const loads = [];
  page.on("request", (request) => wasm.test(request.url()) && loads.push(request.url()));
  await open(page);
  await give(page, sample("curl-refused.txt"));
  await expect(page.getByTestId("headline")).toContainText("10.40.3.21");
  // The page and its engine.
  expect(new Set(loads).size).toBe(2);
  expect(loads).toHaveLength(2);
});

test.describe("without a service worker between", () => {
  test.use({ serviceWorkers: "block" });

  test("what is typed before the program arrives is still there after", async ({ page }) => {
    let arrive;
    const held = new Promise((resolve) => (arrive = resolve));
    await page.route(wasm, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto("./");
    await expect(page.getByText("Nothing leaves this browser")).toBeVisible();
    await page.locator("#paste").fill("a line typed early");
    arrive();
    await expect(page.getByTestId("skeleton")).toHaveCount(0);
    const box = page.getByTestId("paste-box");
    const item = page.getByTestId("evidence-item");
    await expect(async () => {
      const kept = (await box.inputValue()) + (await item.allTextContents()).join();
      expect(kept).toContain("a line typed early");
    }).toPass();
  });

  test.describe("without its engine", () => {
    test.use({ allow: ["policy", "errors"] });

    test("the page opens, says so, keeps the paste, and reads it when the engine comes", async ({ page }) => {
      await page.route(engine, (route) => route.fulfill({ status: 503, body: "soon" }));
      await open(page);
      await give(page, sample("curl-refused.txt"));
      await expect(page.getByTestId("trouble")).toContainText(/answered 503 for engine-.* What you paste waits here/);
      await page.unroute(engine);
      await expect(page.getByTestId("headline")).toContainText("10.40.3.21");
    });
  });

  test.describe("when it cannot start", () => {
    test.use({ allow: ["policy", "errors"] });

    test.afterEach(async ({ page }) => {
      // Whatever went wrong, the box stays and takes text.
      await page.locator("#paste").fill("still here");
      await expect(page.locator("#paste")).toHaveValue("still here");
    });

    test("a missing wasm file is named with the host's answer", async ({ page }) => {
      await page.route(wasm, (route) => route.fulfill({ status: 404, body: "no such file" }));
      await page.goto("./");
      await expect(problem(page)).toContainText(/answered 404 for page-[0-9a-f]+_bg\.wasm/);
    });

    test("a host that sends HTML for the wasm file is told the right type", async ({ page }) => {
      await page.route(wasm, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
      await page.goto("./");
      await expect(problem(page)).toContainText("browsers want application/wasm");
    });

    test("a host that sends the glue as plain text is told the right type", async ({ page }) => {
      await page.route(glue, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), "content-type": "text/plain" } });
      });
      await page.goto("./");
      await expect(problem(page)).toContainText("browsers want text/javascript");
    });

    test("a wasm file that is not the one of this build is refused", async ({ page }) => {
      await page.route(wasm, (route) => route.fulfill({ contentType: "application/wasm", body: "another build's program" }));
      await page.goto("./");
      await expect(problem(page)).toContainText("checksum differs");
    });

    test("a host policy that forbids WebAssembly is named", async ({ page }) => {
      await page.route(/\/tools\/hopwise\/$/, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": "script-src 'self'" } });
      });
      await page.goto("./");
      await expect(problem(page)).toContainText("add 'wasm-unsafe-eval' to script-src");
    });

    test("a browser without WebAssembly is told so", async ({ page }) => {
      await page.addInitScript(() => delete globalThis.WebAssembly);
      await page.goto("./");
      await expect(problem(page)).toContainText("does not run WebAssembly");
    });
  });
});

async function framed(page, address, sandbox) {
  await page.goto("./sha256sums");
  await page.evaluate(
    ([address, sandbox]) => {
      const frame = document.createElement("iframe");
      if (sandbox) frame.sandbox = "";
      frame.src = address;
      document.body.append(frame);
    },
    [address, sandbox],
  );
  return page.frameLocator("iframe");
}

test("inside another page it only offers to open its own tab", async ({ page, baseURL }) => {
  const frame = await framed(page, baseURL, false);
  await expect(frame.getByRole("link", { name: "Open Hopwise in its own tab" })).toHaveAttribute("href", baseURL);
});

test.describe("without JavaScript", () => {
  test.use({ allow: ["errors"] });

  test("it says what it needs", async ({ page, baseURL }) => {
    // A sandboxed frame is a page in which scripts are really off.
    const frame = await framed(page, baseURL, true);
    await expect(frame.locator("noscript p")).toBeVisible();
  });
});
