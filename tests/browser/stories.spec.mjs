// The stories of tests/stories, told to the page: after each step it says what the terminal program says.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, give, open, test } from "./hopwise.mjs";

const root = new URL("../../", import.meta.url).pathname;
const stories = `${root}tests/stories`;

function terminal(json) {
  const arguments_ = ["run", "--quiet", "--locked", "--", "diagnose", "-", "--json"];
  return JSON.parse(execFileSync("cargo", arguments_, { cwd: root, input: json, encoding: "utf8" }));
}

for (const name of readdirSync(stories)) {
  test(`the page and the terminal agree on ${name}`, async ({ page }) => {
    const { title, graph, steps } = JSON.parse(readFileSync(`${stories}/${name}/story.json`, "utf8"));
    const evidence = [];
    await open(page);
    for (const step of steps) {
      for (const { file, ...origin } of step.evidence) {
        evidence.push(file ? { text: readFileSync(`${stories}/${name}/${file}`, "utf8"), ...origin } : origin);
      }
      const json = JSON.stringify({ hopwise: 1, title, graph, evidence });
      const said = terminal(json);
      await give(page, json);
      await expect(page.getByTestId("evidence-item"), step.name).toHaveCount(evidence.length);
      await expect(page.getByTestId("headline"), step.name).toHaveText(said.headline);
      if (said.next.length > 0) await expect(page.getByTestId("next-command"), step.name).toHaveText(said.next[0].command);
    }
  });
}

test("a stranger who pastes two outputs of the founding incident, and draws nothing, is led to the failing address", async ({ page }) => {
  const told = (file) => readFileSync(`${stories}/000-one-dead-address/${file}`, "utf8");
  await open(page);
  await give(page, told("2-curl.txt"));
  await give(page, told("4-each-address.txt"));
  await expect(page.getByTestId("headline")).toContainText("203.0.113.30");
  await expect(page.getByTestId("reasons")).toContainText("203.0.113.30");
  await expect(page.getByTestId("next-command")).toContainText(/\S/);
});
