// Numbers before and after: pasted, or read off a screen and typed into the form.

import { draw, expect, give, open, test } from "./hopwise.mjs";

const TABLE = `service,measure,before,after
shop,requests,480,505
shop,latency avg ms,90,150
search,requests,760,840
search,latency avg ms,6,40
db,requests,900,950
db,latency avg ms,5,5
`;

test("a pasted table of numbers accuses the hop where the loss begins, and draws it", async ({ page }) => {
  await open(page);
  await draw(page, "shop -> search -> db");
  await give(page, TABLE);
  await expect(page.getByTestId("headline")).toContainText(/search/i);
  const charts = page.getByTestId("chart");
  await expect(charts.first()).toContainText("6.0 ms before, 40.0 ms after");
  // Whoever does not see the line hears the numbers.
  await expect(charts.first().locator("td")).toHaveText(["6.0 ms", "40.0 ms"]);
});

test("numbers read off a screen are typed into a form, by keyboard", async ({ page }) => {
  await open(page);
  await draw(page, "shop -> search");
  await page.getByTestId("numbers").locator("summary").press("Enter");
  const add = async (hop, what, before, after) => {
    await page.getByTestId("number-hop").fill(hop);
    await page.getByTestId("number-what").selectOption(what);
    await page.getByTestId("number-before").fill(before);
    await page.getByTestId("number-after").fill(after);
    await page.getByTestId("number-after").press("Enter");
  };
  await add("shop", "requests", "480", "505");
  await add("shop", "errors", "0", "50");
  await add("search", "requests", "760", "840");
  await add("search", "errors", "0", "61");
  await expect(page.getByTestId("evidence-item")).toHaveCount(4);
  await expect(page.getByTestId("headline")).toContainText(/search/i);
  await expect(page.getByTestId("fetch")).toContainText("api/v1/query_range");
});

test("what was measured is put on another hop by hand, and undo takes that back", async ({ page }) => {
  await open(page);
  await draw(page, "shop -> search -> db");
  await give(page, TABLE.replaceAll("search,", "index-7,"));
  await page.getByTestId("numbers").locator("summary").press("Enter");
  const place = page.getByLabel("index-7 is measured at");
  await expect(place).toHaveValue("");
  const charted = page.getByTestId("chart").filter({ hasText: "search" });
  await expect(charted).toHaveCount(0);
  await place.fill("search");
  await place.press("Tab");
  await expect(page.getByTestId("headline")).toContainText(/search/i);
  await expect(charted.first()).toContainText("6.0 ms before, 40.0 ms after");
  await expect(place).toHaveValue("search");
  await page.getByTestId("undo").click();
  await expect(charted).toHaveCount(0);
  await expect(place).toHaveValue("");
});
