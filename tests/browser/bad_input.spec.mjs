// Bad input gets a sentence that says what, where and what to do; nothing typed is lost.

import { expect, give, open, test } from "./hopwise.mjs";

test("an unreadable paste is kept and named", async ({ page }) => {
  await open(page);
  await give(page, "Lorem ipsum dolor sit amet,\nconsectetur adipiscing elit.\n");
  const item = page.getByTestId("evidence-item");
  await expect(item).toHaveCount(1);
  await expect(item).toContainText("Lorem ipsum");
});

test("hops that cannot be read say what is wrong and stay as typed", async ({ page }) => {
  await open(page);
  const outline = page.getByTestId("outline-text");
  await outline.fill("tester -> elb\nelb -> -> db[");
  await outline.press("Tab");
  await expect(outline).toHaveValue("tester -> elb\nelb -> -> db[");
  await expect(page.getByRole("alert").or(page.locator("[aria-invalid=true]")).first()).toBeVisible();
});

const cases = [
  ["an unknown field", '{"hopwise": 1, "wrong": true, "evidence": []}', /unknown field.*wrong/],
  ["an edge to a missing node", '{"hopwise": 1, "graph": {"nodes": [{"id": "a", "kind": "service"}], "edges": [{"from": "a", "to": "b"}]}}', /"b"/],
  ["a newer version", '{"hopwise": 99, "evidence": []}', /newer|99/],
];
for (const [what, json, sentence] of cases) {
  test(`a case file with ${what} is refused with a sentence`, async ({ page }) => {
    await open(page);
    await give(page, "a note that has to stay\n");
    await expect(page.getByTestId("evidence-item")).toHaveCount(1);
    await page.locator("input[type=file]").first().setInputFiles({ name: "case.json", mimeType: "application/json", buffer: Buffer.from(json) });
    await expect(page.getByText(sentence).first()).toBeVisible();
    await expect(page.getByTestId("evidence-item").first()).toContainText("a note that has to stay");
  });
}
