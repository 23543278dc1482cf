// Bad input gets a sentence that says what, where and what to do; nothing typed is lost.

import { draw, expect, give, open, sample, test } from "./hopwise.mjs";

test("an unreadable paste is kept and named", async ({ page }) => {
  await open(page);
  await give(page, "Lorem ipsum dolor sit amet,\nconsectetur adipiscing elit.\n");
  const item = page.getByTestId("evidence-item");
  await expect(item).toHaveCount(1);
  await expect(item).toContainText("Lorem ipsum");
});

test("hops that cannot be read say what is wrong, stay as typed, and leave the last map", async ({ page }) => {
  await open(page);
  await draw(page, "tester -> elb -> db");
  await draw(page, "tester -> elb -> -> db[");
  await expect(page.getByTestId("outline-text")).toHaveValue("tester -> elb -> -> db[");
  await expect(page.getByTestId("outline-problem")).toContainText(/\w+ .*last drawing that could be read/);
  await page.getByTestId("tab-map").click();
  await expect(page.getByTestId("node-db")).toBeVisible();
});

const cases = [
  ["an unknown field", '{"hopwise": 1, "wrong": true, "evidence": []}', /unknown field .wrong./],
  [
    "an edge to a missing node",
    '{"hopwise": 1, "graph": {"nodes": [{"id": "a", "kind": "service"}], "edges": [{"from": "a", "to": "b"}]}}',
    /"b", which is not drawn: add it or remove the edge/,
  ],
  ["a newer version", '{"hopwise": 99, "evidence": []}', /99/],
  ["a comma too many", '{"hopwise": 1, "evidence": [],}', /line 1 column \d+/],
];

/** Drops a file onto the page, as from a file manager. */
async function drop(page, name, text) {
  const files = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: files });
}

for (const [what, json, sentence] of cases) {
  test(`a case file with ${what} is refused with a sentence, and the own case stays`, async ({ page }) => {
    await open(page);
    await give(page, "a note that has to stay\n");
    await expect(page.getByTestId("evidence-item")).toHaveCount(1);
    await drop(page, "case.json", json);
    await expect(page.getByTestId("trouble")).toContainText(sentence);
    await expect(page.getByTestId("evidence-item")).toHaveCount(1);
    await expect(page.getByTestId("evidence-item")).toContainText("a note that has to stay");
  });
}

test("a dropped file that is no case is evidence", async ({ page }) => {
  await open(page);
  await drop(page, "curl.txt", sample("curl-refused.txt"));
  await expect(page.getByTestId("evidence-item")).toContainText("curl");
});
